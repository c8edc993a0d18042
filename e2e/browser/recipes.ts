import { expect, type Locator, type Page } from "@playwright/test";
import { goTo } from "./header.ts";

export const perMeal = /^한 끼 [\d,]+원$/u;

export const won = (amount: number): string => `${amount.toLocaleString("ko-KR")}원`;

/** The number in 3,200원. */
export const amountOf = (text: string | null): number => Number(/([\d,]+)원/u.exec(text ?? "")?.[1]?.replaceAll(",", "") ?? Number.NaN);

export const cards = (page: Page): Locator => page.getByRole("article");

/** Opens a sample recipe from the list. Unlike the newest recipes, no other test deletes it meanwhile. */
export async function openRecipe(page: Page, title: string): Promise<void> {
  await page.goto(`/?${new URLSearchParams({ q: title })}`);
  await cards(page).getByRole("link", { name: title, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

export async function openMyRecipes(page: Page): Promise<void> {
  await goTo(page, "내 요리");
  await expect(page.getByRole("heading", { level: 1, name: "내 요리" })).toBeVisible();
}

export const costPerMeal = (page: Page): Locator => page.getByRole("main").getByTestId("cost-per-meal");

export interface Dish {
  title: string;
  servings: number;
  /** Quantities in the ingredient's unit of sale. */
  ingredients: { name: string; quantity: number }[];
  steps: string[];
}

/** Fills the open editor, which must be empty. The caller saves. */
export async function fillIn(page: Page, { title, servings, ingredients, steps }: Dish): Promise<void> {
  await page.getByLabel("요리 이름").fill(title);
  await page.getByLabel("몇 인분").fill(String(servings));
  for (const [place, { name, quantity }] of ingredients.entries()) {
    if (place > 0) {
      await page.getByRole("button", { name: "재료 더하기" }).click();
    }
    await choose(page, place + 1, name);
    await page.getByLabel(`재료 ${place + 1}의 양`).fill(String(quantity));
  }
  for (const [place, step] of steps.entries()) {
    if (place > 0) {
      await page.getByRole("button", { name: "순서 더하기" }).click();
    }
    await page.getByLabel(`만드는 법 ${place + 1}`, { exact: true }).fill(step);
  }
}

/** Types an ingredient's name and chooses it from the suggestions, which show the name before its aliases. */
export async function choose(page: Page, number: number, name: string): Promise<void> {
  await page.getByRole("combobox", { name: `재료 ${number}`, exact: true }).fill(name);
  await page.getByRole("option", { name: new RegExp(`^${name}( |$)`, "u") }).first().click();
}

export async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "저장" }).click();
}

/** Saves the editor's recipe and waits for its page. */
export async function saveAs(page: Page, title: string): Promise<void> {
  await save(page);
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}
