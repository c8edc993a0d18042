import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { amountOf, cards, costPerMeal, openRecipe } from "../recipes.ts";

const costsShown = async (page: Page) => (await cards(page).getByTestId("cost-per-meal").allTextContents()).map(amountOf);

test("recipes are searched by a part of a word, filtered, sorted and paged, and the URL stores all of it", async ({ page }) => {
  await test.step("a search", async () => {
    await page.goto("/");
    await page.getByRole("searchbox", { name: "요리 찾기" }).fill("찌개");
    await page.getByRole("button", { name: "찾기", exact: true }).click();
    await expect(page.getByRole("heading", { name: "‘찌개’ 찾은 결과" })).toBeVisible();
    await expect(cards(page).getByRole("heading", { name: "김치찌개" })).toBeVisible();
    await expect(page.locator("ul[aria-busy='false']")).toBeVisible();
    for (const card of await cards(page).all()) {
      await expect(card).toContainText("찌개");
    }
  });

  await test.step("filters and an order", async () => {
    await page.getByLabel("차례").selectOption("싼 요리부터");
    await page.getByLabel("걸리는 시간").selectOption("30분까지");
    await page.getByLabel("한 끼 최대 (원)").fill("5000");
    await expect(page).toHaveURL(/maxCost=5000/u);
    await page.reload();
    await expect(page.getByRole("searchbox", { name: "요리 찾기" })).toHaveValue("찌개");
    await expect(page.getByLabel("차례")).toHaveValue("cheapest");
    await expect(cards(page).first()).toBeVisible();
    const costs = await costsShown(page);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    expect(Math.max(...costs)).toBeLessThanOrEqual(5000);
  });

  await test.step("an empty result is reported, with a link to all recipes", async () => {
    await page.getByRole("searchbox", { name: "요리 찾기" }).fill("우주식");
    await expect(page.getByText("‘우주식’에 맞는 요리가 없어요.")).toBeVisible();
    await page.getByRole("button", { name: "모두 보기" }).click();
    await expect(page).toHaveURL(/\/$/u);
    await expect(cards(page).first()).toBeVisible();
  });

  await test.step("the next page continues the order", async () => {
    await page.getByLabel("차례").selectOption("비싼 요리부터");
    await expect(page).toHaveURL(/sort=dearest/u);
    await expect(page.locator("ul[aria-busy='false']")).toBeVisible();
    const before = await cards(page).count();
    await page.getByRole("button", { name: "더 보기" }).click();
    await expect(cards(page).nth(before)).toBeVisible();
    const costs = await costsShown(page);
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
    const titles = await cards(page).getByRole("heading").allTextContents();
    expect(new Set(titles).size, "no recipe is there twice").toBe(titles.length);
  });
});

test("prices and the number of recipes are on the first screen, and an amount takes effect during typing", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto("/");
  const prices = page.getByTestId("cost-per-meal");
  for (const place of [0, 1, 2, 3]) {
    await expect(prices.nth(place)).toBeInViewport({ ratio: 1 });
  }
  const total = page.getByText(/^\d+가지$/u);
  await expect(total).toBeInViewport();
  const before = (await total.textContent()) ?? "";
  await page.getByLabel("한 끼 최대 (원)").pressSequentially("3천");
  await expect(page).toHaveURL(/maxCost=3000/u);
  await expect(total).not.toHaveText(before);
  await page.getByRole("button", { name: "조건 지우기" }).click();
  await expect(total).toHaveText(before);
});

test("a recipe is scaled to other servings, and the cost of one meal stays", async ({ page }) => {
  await openRecipe(page, "김치찌개");
  const cost = await costPerMeal(page).textContent();
  const slider = page.getByRole("slider", { name: "몇 인분" });
  const total = page.getByRole("region", { name: "재료" }).locator("tfoot td");
  const servings = Number(await slider.inputValue());
  const before = amountOf(await total.textContent());
  await slider.fill(String(servings * 2));
  await expect(page.getByText(`${servings * 2}인분 재료값`)).toBeVisible();
  // The previous cost was rounded.
  expect(Math.abs(amountOf(await total.textContent()) - 2 * before)).toBeLessThanOrEqual(1);
  await expect(costPerMeal(page)).toHaveText(cost ?? "");
  await slider.press("ArrowLeft");
  await expect(page.getByText(`${servings * 2 - 1}인분 재료값`)).toBeVisible();
});

test("the steps of a recipe are scaled to the servings, and their ticks survive a reload", async ({ page }) => {
  await openRecipe(page, "김치찌개");
  const method = page.getByRole("region", { name: "만드는 법" });
  await expect(method).toContainText("물 600 ml");
  await page.getByRole("slider", { name: "몇 인분" }).fill("6");
  await expect(method).toContainText("물 1,800 ml");
  const first = method.getByRole("checkbox").first();
  await first.press("Space");
  await expect(first).toBeChecked();
  await page.reload();
  await expect(first).toBeChecked();
  await method.getByRole("button", { name: "체크 모두 지우기" }).click();
  await expect(first).not.toBeChecked();
});

test("a chosen language and theme are stored", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "What does one meal cost?" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(cards(page).first().getByTestId("cost-per-meal")).toHaveText(/^One meal ₩[\d,]+$/u);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "What does one meal cost?" })).toBeVisible();
  expect(await background()).toBe(dark);
});
