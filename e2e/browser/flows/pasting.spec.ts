import { randomUUID } from "node:crypto";
import { expect, test } from "../fixtures.ts";
import { costPerMeal, saveAs } from "../recipes.ts";

test("a cook pastes a recipe, corrects it, sets the weight of a spoon, and finds a little of it on the shopping list", async ({ page, cook: _ }) => {
  // A separate ingredient, because it stays in the catalogue with its weight. A digit and the letter c would be cups.
  const id = randomUUID().replaceAll(/[\d-]/gu, "");
  const powder = `햇콩가루 ${id}`;
  const title = `햇콩국 ${id}`;

  await test.step("an ingredient sold by weight is added", async () => {
    await page.goto(`/prices?${new URLSearchParams({ q: powder })}`);
    await page.getByLabel("값 (원)").fill("2000");
    await page.getByLabel("양 (g)").fill("100");
    await page.getByRole("button", { name: "새 재료 더하기" }).click();
    await expect(page.getByRole("heading", { level: 1, name: powder })).toBeVisible();
  });

  await test.step("the pasted recipe fills the form", async () => {
    await page.getByRole("link", { name: "요리 쓰기" }).click();
    await page.getByText("요리법을 통째로 붙여 넣기").click();
    const text = [title, "2인분 · 25분", "재료", `${powder} 2큰술`, "두부 1모", "소금, 후추 약간", "만드는 법", "1. 콩가루를 푼다.", "2. 끓인다."];
    await page.getByLabel("요리 이름, 재료, 만드는 법이 있는 글").fill(text.join("\n"));
    await page.getByRole("button", { name: "칸에 나누어 적기" }).click();
    await expect(page.getByText(/재료 4개와 만드는 법 2개를 아래에 나누어 적었어요/u)).toBeVisible();
    await expect(page.getByLabel("요리 이름", { exact: true })).toHaveValue(title);
    await expect(page.getByLabel("걸리는 시간 (분)")).toHaveValue("25");
    await expect(page.getByRole("combobox", { name: "재료 4", exact: true })).toHaveValue("후춧가루");
    await expect(page.getByLabel("만드는 법 2", { exact: true })).toHaveValue("끓인다.");
  });

  await test.step("incomplete lines are corrected", async () => {
    await expect(page.getByText("붙여 넣은 글: 두부 1모")).toBeVisible();
    await page.getByLabel("재료 2의 양").fill("300");
    await expect(page.getByText("붙여 넣은 글: 두부 1모")).toBeHidden();
    const weight = page.getByLabel(`${powder} 한 큰술(15 ml)은 몇 g인가요?`);
    await weight.fill("7.5");
    await weight.press("Enter");
    await expect(weight).toBeHidden();
    await expect(page.getByText("300원", { exact: true }), "15 g of it").toBeVisible();
  });

  await test.step("the recipe is saved, and its ingredients are on the shopping list", async () => {
    await saveAs(page, title);
    const ingredients = page.getByRole("region", { name: "재료", exact: true });
    await expect(ingredients.getByRole("row", { name: new RegExp(`^${powder}`, "u") })).toContainText("2큰술300원");
    await expect(ingredients.getByRole("row", { name: /^소금/u })).toContainText("약간0원");
    await expect(costPerMeal(page)).toBeVisible();
    await page.getByRole("button", { name: "2인분 장보기에 담기" }).click();
    await page.getByRole("link", { name: "장보기 목록 보기" }).click();
    const items = page.getByRole("region", { name: "살 것" }).getByRole("listitem");
    await expect(items.filter({ hasText: "소금" })).toContainText("약간");
    await expect(items.filter({ hasText: powder })).toContainText("15 g");
  });
});
