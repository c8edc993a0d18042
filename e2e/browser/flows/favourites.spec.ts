import { loggedInAs, submitSignUp } from "../accounts.ts";
import { expect, test } from "../fixtures.ts";
import { goTo } from "../header.ts";
import { amountOf, cards, openRecipe, won } from "../recipes.ts";

test("a cook adds favourites, and a visitor is sent to the login and back", async ({ page, account }) => {
  await page.goto("/?q=찌개");
  const heart = cards(page).first().getByRole("button", { name: /즐겨찾기$/u });
  const title = (await cards(page).first().getByRole("heading").textContent()) ?? "";

  await test.step("a visitor's heart opens the login with the reason, and the login returns to the page", async () => {
    await heart.click();
    await expect(page.getByText(`‘${title}’ 즐겨찾기는 계정에 담겨요.`)).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: "로그인" })).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "회원가입" }).click();
    await submitSignUp(page, account);
    await expect(loggedInAs(page, account.name)).toBeVisible();
    await expect(page).toHaveURL(/\?q=/u);
  });

  await test.step("the favourite is added after the login, and stays", async () => {
    await expect(heart).toHaveAttribute("aria-pressed", "true");
    await expect(page.getByText("로그인했고, 요리를 즐겨찾기에 담았어요.")).toBeVisible();
    await page.reload();
    await expect(heart).toHaveAttribute("aria-pressed", "true");
  });

  await test.step("a favourite is removed, and added again", async () => {
    for (const [method, pressed] of [["DELETE", "false"], ["PUT", "true"]] as const) {
      const answered = page.waitForResponse((response) => /\/me\/favourites\/\d+$/u.test(response.url()) && response.request().method() === method);
      await heart.click();
      await expect(heart).toHaveAttribute("aria-pressed", pressed);
      expect((await answered).status()).toBe(204);
    }
    await page.reload();
    await expect(heart).toHaveAttribute("aria-pressed", "true");
  });

  await test.step("the page of favourites lists it until the heart is pressed again", async () => {
    await goTo(page, "즐겨찾기");
    await expect(cards(page).getByRole("heading", { name: title, exact: true })).toBeVisible();
    await expect(cards(page)).toHaveCount(1);
    await cards(page).getByRole("button", { name: /즐겨찾기$/u }).click();
    await expect(page.getByText("아직 즐겨찾는 요리가 없어요.")).toBeVisible();
  });
});

test("a visitor adds recipes to a shopping list with a total", async ({ page }) => {
  const total = page.getByTestId("shopping-total");
  let expected = 0;

  await test.step("two recipes are added, one with twice the servings", async () => {
    for (const [place, title] of ["김치찌개", "된장찌개"].entries()) {
      await openRecipe(page, title);
      const slider = page.getByRole("slider", { name: "몇 인분" });
      const servings = Number(await slider.inputValue()) * (place + 1);
      await slider.fill(String(servings));
      await page.getByRole("button", { name: `${servings}인분 장보기에 담기` }).click();
      await expect(page.getByText(`${servings}인분을 장보기에 담았어요.`)).toBeVisible();
      expected += amountOf(await page.getByRole("region", { name: "재료" }).locator("tfoot td").textContent());
    }
  });

  await test.step("the list adds up quantities", async () => {
    await page.getByRole("link", { name: "장보기 목록 보기" }).click();
    await expect(page.getByRole("region", { name: "담은 요리" }).getByRole("listitem")).toHaveCount(2);
    await expect(total).toBeVisible();
    // Each recipe's cost is rounded; the total is rounded once.
    expect(Math.abs(amountOf(await total.textContent()) - expected)).toBeLessThanOrEqual(1);
    const items = page.getByRole("region", { name: "살 것" }).getByRole("listitem");
    const names = await items.locator("span:nth-of-type(1)").allTextContents();
    expect(new Set(names).size, "an ingredient of both is there once").toBe(names.length);
    const sum = (await items.allTextContents()).map(amountOf).reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - expected)).toBeLessThanOrEqual(names.length);
  });

  await test.step("the list is grouped by aisle", async () => {
    const aisles = page.getByRole("region", { name: "살 것" }).getByRole("heading", { level: 3 });
    await expect(aisles).toHaveText(["채소·버섯", "정육", "수산·건어물", "두부·김치·냉장", "양념·기름"]);
    await expect(page.getByRole("list", { name: "채소·버섯" }).getByText("대파")).toBeVisible();
    await expect(page.getByRole("list", { name: "두부·김치·냉장" }).getByText("신김치")).toBeVisible();
  });

  await test.step("other servings change the total", async () => {
    const before = amountOf(await total.textContent());
    const servings = page.getByLabel("김치찌개 몇 인분");
    const twice = 2 * Number(await servings.inputValue());
    await servings.selectOption(String(twice));
    await expect(total).not.toHaveText(won(before));
    expect(amountOf(await total.textContent())).toBeGreaterThan(before);
  });

  await test.step("ticks stay, also after a reload", async () => {
    await page.getByRole("checkbox").first().check();
    await expect(page.getByText(/가지 가운데 1가지 담음$/u)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("checkbox").first()).toBeChecked();
  });

  await test.step("the list can be copied as text", async () => {
    await page.getByRole("button", { name: "글로 복사" }).click();
    await expect(page.getByText("복사했어요.")).toBeVisible();
  });

  await test.step("a recipe is removed, then all", async () => {
    await page.getByRole("button", { name: "된장찌개 빼기" }).click();
    await expect(page.getByRole("region", { name: "담은 요리" }).getByRole("listitem")).toHaveCount(1);
    await page.getByRole("button", { name: "모두 비우기" }).click();
    await expect(page.getByText("담은 요리가 없어요.")).toBeVisible();
  });
});
