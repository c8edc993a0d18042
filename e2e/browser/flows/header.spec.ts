import type { Page } from "@playwright/test";
import { signUp } from "../accounts.ts";
import { expect, test } from "../fixtures.ts";
import { cards } from "../recipes.ts";
import { horizontalOverflow } from "../overflow.ts";

// Widths at which the header once had two rows, widths at which the menu changes, and frequent widths.
const widths = [320, 360, 759, 760, 768, 820, 900, 1000, 1024, 1087, 1088, 1280];

/** The controls of the header's row, from left to right, in pixels. */
const pressed = (page: Page) =>
  page.getByRole("navigation").evaluate((row) =>
    [...row.querySelectorAll("a, button")]
      .filter((one) => one.checkVisibility())
      .map((one) => one.getBoundingClientRect())
      .map(({ left, right, top, bottom }) => ({ left, right, middle: (top + bottom) / 2 }))
      .toSorted((one, other) => one.left - other.left),
  );

async function isOneRow(page: Page, width: number): Promise<void> {
  const boxes = await pressed(page);
  expect(boxes.length, `links and buttons at ${width} px`).toBeGreaterThanOrEqual(4);
  for (const [place, { left, right, middle }] of boxes.entries()) {
    expect(left, `${place} begins behind the one before it at ${width} px`).toBeGreaterThanOrEqual(place > 0 ? (boxes[place - 1]?.right ?? 0) : 0);
    expect(right, `${place} ends within the window at ${width} px`).toBeLessThanOrEqual(width);
    expect(Math.abs(middle - (boxes[0]?.middle ?? 0)), `${place} is in the first one's row at ${width} px`).toBeLessThan(8);
  }
  const box = await page.getByRole("banner").boundingBox();
  expect(box?.height, `height of the header at ${width} px`).toBeLessThanOrEqual(66);
  expect(await horizontalOverflow(page), `the page scrolls sideways at ${width} px`).toBe(0);
}

async function isOneRowInBothLanguages(page: Page): Promise<void> {
  for (const other of ["English", "한국어"]) {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      // The layout of media queries follows in the next frame.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await isOneRow(page, width);
    }
    await page.getByRole("button", { name: other }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", other === "English" ? "en" : "ko");
  }
}

test("the header is one row at every width, in both languages, for a visitor and for a cook with a long name", async ({ page, account }) => {
  await page.goto("/");
  await expect(cards(page).first()).toBeVisible();
  await isOneRowInBothLanguages(page);
  await signUp(page, { ...account, name: `이름이 아주 긴 ${account.name}` });
  await expect(cards(page).first()).toBeVisible();
  await isOneRowInBothLanguages(page);
});

test("a cook's links are in a menu while they do not fit", async ({ page, cook: _ }) => {
  const menu = page.getByRole("button", { name: "메뉴" });
  const places = page.getByRole("navigation").getByRole("link", { name: "내 요리", exact: true });
  await page.setViewportSize({ width: 900, height: 800 });
  await expect(places).toBeHidden();
  await menu.click();
  await places.click();
  await expect(page.getByRole("heading", { level: 1, name: "내 요리" })).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(menu).toBeHidden();
  await expect(places).toBeVisible();
});
