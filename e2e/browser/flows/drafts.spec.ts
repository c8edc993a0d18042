import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { cards, fillIn, openMyRecipes, save, type Dish } from "../recipes.ts";
import { watch } from "../watch.ts";

const dish: Dish = { title: "두부구이", servings: 2, ingredients: [{ name: "두부", quantity: 300 }], steps: ["두부를 구워요."] };

const title = (page: Page) => page.getByLabel("요리 이름", { exact: true });

test("drafts in two tabs are separate, and each is there after a reload", async ({ page, cook: _, context }) => {
  await page.goto("/recipes/new");
  await title(page).fill("첫째 탭의 요리");
  const tab = await context.newPage();
  const seenThere = await watch(tab);
  await tab.goto("/recipes/new");
  await expect(tab.getByText("적던 것을 되살렸어요.")).toBeVisible();
  await title(tab).fill("둘째 탭의 요리");

  await page.reload();
  await expect(title(page)).toHaveValue("첫째 탭의 요리");
  await tab.reload();
  await expect(title(tab)).toHaveValue("둘째 탭의 요리");
  expect(seenThere.errors).toEqual([]);
});

test("a recipe saved again after a lost response is created once", async ({ page, cook: _, seen }) => {
  await page.goto("/recipes/new");
  await fillIn(page, dish);

  await test.step("the API stores the recipe, but the response is lost", async () => {
    const statuses: number[] = [];
    await page.route(
      "**/api/v1/recipes",
      async (route) => {
        statuses.push((await route.fetch()).status());
        await route.abort("connectionreset");
      },
      { times: 1 },
    );
    await save(page);
    await expect(page.getByRole("alert").getByText(/서버에 닿지 못했어요/u)).toBeVisible();
    expect(statuses).toEqual([201]);
    expect(seen.take()).toEqual([expect.stringMatching(/ERR_CONNECTION_RESET.*\/api\/v1\/recipes/u)]);
  });

  await test.step("it is saved again, with two presses", async () => {
    await page.getByRole("button", { name: "저장" }).dblclick();
    await expect(page.getByRole("heading", { level: 1, name: dish.title })).toBeVisible();
    await openMyRecipes(page);
    await expect(cards(page)).toHaveCount(1);
  });
});
