import type { Page } from "@playwright/test";
import { signUp } from "../accounts.ts";
import { expect, test } from "../fixtures.ts";
import { cards, perMeal } from "../recipes.ts";
import { horizontalOverflow } from "../overflow.ts";

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

const menu = (page: Page) => page.getByRole("button", { name: "메뉴" });
/** A row of controls is 44 px high, with some margin. */
const oneRow = 64;

async function headerIsOneRow(page: Page): Promise<void> {
  const box = await page.getByRole("banner").boundingBox();
  expect(box?.height, "height of the header, in pixels").toBeLessThanOrEqual(oneRow);
  await expect(page.getByRole("banner").getByRole("link", { name: "한끼얼마" })).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("button", { name: "English" })).toBeInViewport({ ratio: 1 });
  await expect(menu(page)).toBeInViewport({ ratio: 1 });
  expect(await horizontalOverflow(page)).toBe(0);
}

test("the header is one row, for a visitor and for a cook, and stays visible", async ({ page, account }) => {
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 740 });
    await page.goto("/");
    await expect(cards(page).first()).toBeVisible();
    await headerIsOneRow(page);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await signUp(page, { ...account, name: `이름이 아주 긴 ${account.name}` });
  await headerIsOneRow(page);
  await page.mouse.wheel(0, 1500);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(500);
  await headerIsOneRow(page);
});

test("the menu opens, navigates and closes, by touch and by keyboard", async ({ page }) => {
  await page.goto("/");
  const prices = page.getByRole("navigation").getByRole("link", { name: "재료값", exact: true });
  await expect(menu(page)).toBeVisible();
  await expect(prices).toBeHidden();
  await menu(page).tap();
  await prices.tap();
  await expect(page.getByRole("heading", { level: 1, name: "재료값" })).toBeVisible();
  await expect(prices).toBeHidden();

  await menu(page).focus();
  await page.keyboard.press("Enter");
  await expect(prices).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(prices).toBeHidden();
  await expect(menu(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("navigation").getByRole("link", { name: "요리", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(cards(page).first()).toBeVisible();
  await expect(prices).toBeHidden();
});

test("the language is switched without scrolling, and starts with the browser's language", async ({ page, browser, baseURL }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "English" }).tap();
  await expect(page.getByRole("heading", { level: 1, name: "What does one meal cost?" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "What does one meal cost?" })).toBeVisible();

  for (const [locale, title] of [["en-GB", "What does one meal cost?"], ["de-DE", "What does one meal cost?"], ["ko-KR", "오늘 한 끼, 얼마면 될까요?"]] as const) {
    const context = await browser.newContext({ locale, ...(baseURL === undefined ? {} : { baseURL }) });
    const other = await context.newPage();
    await other.goto("/");
    await expect(other.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await context.close();
  }
});

test("prices are on the first screen, and the filters behind one button", async ({ page }) => {
  await page.goto("/");
  const prices = page.getByTestId("cost-per-meal");
  await expect(prices.first()).toHaveText(perMeal);
  for (const place of [0, 1]) {
    await expect(prices.nth(place)).toBeInViewport({ ratio: 1 });
  }
  const total = page.getByText(/^\d+가지$/u);
  await expect(total).toBeInViewport();
  const before = await total.textContent();
  await page.getByRole("button", { name: "조건", exact: true }).tap();
  const most = page.getByLabel("한 끼 최대 (원)");
  await most.pressSequentially("3,000");
  await expect(page).toHaveURL(/maxCost=3000/u);
  await expect(page.getByRole("button", { name: "조건 (1)" })).toBeVisible();
  await expect(total).not.toHaveText(before ?? "");
  expect(await horizontalOverflow(page)).toBe(0);
  await page.getByRole("button", { name: "조건 지우기" }).tap();
  await expect(total).toHaveText(before ?? "");
  await expect(most).toHaveValue("");
});
