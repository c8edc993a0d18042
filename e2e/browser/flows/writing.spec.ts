import { submitLogin } from "../accounts.ts";
import { readEnvironment } from "../environment.ts";
import { expect, test } from "../fixtures.ts";
import { goTo } from "../header.ts";
import { cards, costPerMeal, fillIn, openMyRecipes, perMeal, save, saveAs, won, type Dish } from "../recipes.ts";
import { watch } from "../watch.ts";

const { siteUrl, apiUrl } = readEnvironment();

const dish: Dish = {
  title: "달걀 두부찜",
  servings: 2,
  ingredients: [
    { name: "두부", quantity: 300 },
    { name: "달걀", quantity: 3 },
  ],
  steps: ["두부를 으깨요.", "달걀을 풀어 섞고 쪄요."],
};

test("a cook writes a recipe with its live cost, edits it and deletes it", async ({ page, cook, request, seen }) => {
  /** Cost in won for all servings, before rounding, from the API's prices. */
  const costOf = async ({ ingredients }: Pick<Dish, "ingredients">): Promise<number> => {
    let total = 0;
    for (const { name, quantity } of ingredients) {
      const answer = await request.get(new URL("/api/v1/ingredients", apiUrl).href, { params: { q: name } });
      const { items } = (await answer.json()) as { items: { name: string; price: number; per: number }[] };
      const sold = items.find((item) => item.name === name);
      expect(sold, `the ingredient ${name}`).toBeDefined();
      total += ((sold?.price ?? 0) * quantity) / (sold?.per ?? 1);
    }
    return total;
  };
  const cost = await costOf(dish);
  const live = page.getByRole("region", { name: "지금 적은 대로면" });

  await test.step("the cost is updated during typing", async () => {
    await goTo(page, "요리 쓰기");
    await expect(live).toContainText("재료를 고르면");
    await fillIn(page, dish);
    await expect(costPerMeal(page)).toHaveText(`한 끼 ${won(Math.round(cost / 2))}`);
    await expect(live).toContainText(`재료값 모두 ${won(Math.round(cost))}`);
    await page.getByLabel("몇 인분").fill("3");
    await expect(costPerMeal(page)).toHaveText(`한 끼 ${won(Math.round(cost / 3))}`);
    await page.getByLabel("종류").fill("찜, 두부");
  });

  await test.step("a reload keeps the draft", async () => {
    await page.reload();
    await expect(page.getByText("적던 것을 되살렸어요.")).toBeVisible();
    await expect(page.getByLabel("요리 이름")).toHaveValue(dish.title);
    await expect(page.getByRole("combobox", { name: "재료 2", exact: true })).toHaveValue("달걀");
    await expect(page.getByLabel("만드는 법 2", { exact: true })).toHaveValue("달걀을 풀어 섞고 쪄요.");
    await expect(costPerMeal(page)).toHaveText(`한 끼 ${won(Math.round(cost / 3))}`);
  });

  await test.step("errors are shown at their fields", async () => {
    await page.getByLabel("재료 1의 양").fill("조금");
    await save(page);
    await expect(page.getByLabel("재료 1의 양")).toBeFocused();
    await expect(page.getByLabel("재료 1의 양")).toHaveAccessibleDescription(/0보다 크고/u);
    await page.getByLabel("재료 1의 양").fill("300");
  });

  await test.step("an unreachable API keeps the draft", async () => {
    await page.route("**/api/v1/recipes", (route) => route.abort("connectionrefused"));
    await save(page);
    await expect(page.getByRole("alert").getByText(/서버에 닿지 못했어요.*적은 것은 이 기기에 남아 있어요/u)).toBeVisible();
    await expect(page.getByLabel("요리 이름")).toHaveValue(dish.title);
    await page.unroute("**/api/v1/recipes");
    expect(seen.take()).toEqual([expect.stringMatching(/ERR_CONNECTION_REFUSED.*\/api\/v1\/recipes/u)]);
  });

  await test.step("the recipe is saved as typed", async () => {
    await saveAs(page, dish.title);
    await expect(costPerMeal(page)).toHaveText(`한 끼 ${won(Math.round(cost / 3))}`);
    await expect(page.getByText(`${cook.name}님의 요리`)).toBeVisible();
    await expect(page.getByRole("link", { name: "#찜", exact: true })).toBeVisible();
    await expect(page.getByRole("region", { name: "재료" }).locator("tfoot")).toContainText(won(Math.round(cost)));
    await expect(page.getByRole("region", { name: "만드는 법" }).getByRole("listitem")).toHaveText(dish.steps);
  });

  await test.step("the editor starts with the saved recipe, and an edit changes its cost", async () => {
    await page.getByRole("link", { name: "고치기" }).click();
    await expect(page.getByLabel("재료 1의 양")).toHaveValue("300");
    await page.getByLabel("재료 1의 양").fill("600");
    const dearer = await costOf({ ingredients: [{ name: "두부", quantity: 600 }, { name: "달걀", quantity: 3 }] });
    await expect(costPerMeal(page)).toHaveText(`한 끼 ${won(Math.round(dearer / 3))}`);
    await saveAs(page, dish.title);
    await expect(costPerMeal(page)).toHaveText(`한 끼 ${won(Math.round(dearer / 3))}`);
    await page.reload();
    await expect(costPerMeal(page)).toHaveText(`한 끼 ${won(Math.round(dearer / 3))}`);
  });

  await test.step("the page of the cook's recipes lists it with its cost", async () => {
    await openMyRecipes(page);
    await expect(cards(page)).toHaveCount(1);
    await expect(cards(page).getByTestId("cost-per-meal")).toHaveText(perMeal);
    await cards(page).getByRole("link", { name: dish.title }).click();
    await expect(page.getByRole("heading", { level: 1, name: dish.title })).toBeVisible();
  });

  await test.step("saving removes the draft", async () => {
    await goTo(page, "요리 쓰기");
    await expect(page.getByLabel("요리 이름")).toHaveValue("");
    await page.goBack();
  });

  await test.step("the recipe is deleted", async () => {
    await page.getByRole("button", { name: "지우기", exact: true }).click();
    const address = page.url();
    await page.getByRole("button", { name: "네, 지울래요" }).click();
    await expect(page).toHaveURL(siteUrl.href);
    await page.goto(address);
    await expect(page.getByText("찾으시는 요리가 없어요.")).toBeVisible();
    expect(seen.take()).toEqual([expect.stringMatching(/404.*\/api\/v1\/recipes\/\d+/u)]);
    await openMyRecipes(page);
    await expect(page.getByText("아직 적은 요리가 없어요.")).toBeVisible();
  });
});

test("if two devices change a recipe, the second one is asked, and no change is lost", async ({ page, cook, browser, seen }) => {
  await goTo(page, "요리 쓰기");
  await fillIn(page, dish);
  await saveAs(page, dish.title);
  await page.getByRole("link", { name: "고치기" }).click();
  await page.getByLabel("요리 이름").fill("이 기기의 두부찜");

  const phone = await browser.newContext();
  const other = await phone.newPage();
  const seenThere = await watch(other);
  await other.goto(page.url());
  await submitLogin(other, cook);
  await other.getByLabel("요리 이름").fill("다른 기기의 두부찜");
  await saveAs(other, "다른 기기의 두부찜");
  expect(seenThere.errors).toEqual([]);
  await phone.close();

  await save(page);
  await expect(page.getByText("그 사이 다른 곳에서 이 요리가 바뀌었어요.")).toBeVisible();
  expect(seen.take()).toEqual([expect.stringMatching(/409.*\/api\/v1\/recipes\/\d+/u)]);
  await page.getByRole("button", { name: "내가 적은 것으로 저장" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "이 기기의 두부찜" })).toBeVisible();
});
