import { randomUUID } from "node:crypto";
import { expect, test } from "../fixtures.ts";
import { goTo } from "../header.ts";
import { cards, costPerMeal, saveAs } from "../recipes.ts";

test("a cook adds an ingredient in the editor, reports a new price and sees the changed cost of the meal", async ({ page, cook: _ }) => {
  // A separate ingredient, because it stays in the catalogue: the costs of other tests must not change. Its name is late in the list.
  const id = randomUUID().slice(0, 8);
  const ingredient = `햇쑥 ${id}`;
  const title = `햇쑥국 ${id}`;
  let recipe = "";

  await test.step("a missing ingredient is added inside the editor", async () => {
    await goTo(page, "요리 쓰기");
    await page.getByLabel("요리 이름").fill(title);
    await page.getByRole("combobox", { name: "재료 1", exact: true }).fill(ingredient);
    await expect(page.getByText("그런 재료가 없어요.")).toBeVisible();
    await page.getByRole("button", { name: "재료값에 더하기" }).click();
    await expect(page.getByLabel("재료 이름")).toHaveValue(ingredient);
    await page.getByLabel("값 (원)").fill("3000");
    await page.getByLabel("양 (g)").fill("1000");
    await page.getByLabel("매장 코너").selectOption("채소·버섯");
    await page.getByRole("button", { name: "새 재료 더하기" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect(page.getByRole("combobox", { name: "재료 1", exact: true })).toHaveValue(ingredient);
    await expect(page.getByLabel("재료 1의 양")).toBeFocused();
  });

  await test.step("a recipe contains it", async () => {
    await expect(page.getByLabel("요리 이름")).toHaveValue(title);
    await page.getByLabel("재료 1의 양").fill("500");
    await page.getByLabel("만드는 법 1", { exact: true }).fill("된장을 풀고 끓여요.");
    await expect(costPerMeal(page)).toHaveText("한 끼 750원");
    await saveAs(page, title);
    await expect(costPerMeal(page)).toHaveText("한 끼 750원");
    await expect(page.getByText("재료값이 아직 바뀌지 않았어요.")).toBeVisible();
    recipe = page.url();
  });

  await test.step("the new price is reported", async () => {
    await page.getByRole("link", { name: "재료값", exact: true }).click();
    await page.getByRole("searchbox", { name: "재료 찾기" }).fill(ingredient);
    await page.getByRole("link", { name: ingredient }).click();
    const report = page.getByRole("region", { name: "새 값 알리기" });
    await report.getByLabel("값 (원)").fill("0");
    await report.getByRole("button", { name: "새 값 알리기" }).click();
    await expect(report.getByLabel("값 (원)")).toHaveAccessibleDescription(/1부터 10,000,000까지/u);
    await report.getByLabel("값 (원)").fill("2000");
    await report.getByLabel("양 (g)").fill("500");
    await report.getByRole("button", { name: "새 값 알리기" }).click();
    await expect(report.getByText("고마워요. 새 값을 적었어요.")).toBeVisible();
    const moved = page.getByRole("region", { name: "한 끼 값이 바뀐 요리" });
    await expect(moved.getByText("요리 1가지의 한 끼 값이 바뀌었어요.")).toBeVisible();
    await expect(moved.getByRole("row").nth(1)).toHaveText(`${title}한 끼 750원에서 1,000원으로+250원`);
    await expect(moved.getByRole("link", { name: title })).toHaveAttribute("href", new URL(recipe).pathname);
    const history = page.getByRole("region", { name: "값의 움직임" });
    await history.getByText("표로 보기").click();
    await expect(history.locator("tbody tr td:last-child")).toHaveText(["500 g에 2,000원", "1,000 g에 3,000원"]);
  });

  await test.step("its aisle is changed", async () => {
    const aisle = page.getByRole("region", { name: "어느 코너에 있나요?" });
    await expect(aisle.getByLabel("매장 코너")).toHaveValue("vegetables");
    await aisle.getByLabel("매장 코너").selectOption("냉동식품");
    await aisle.getByRole("button", { name: "코너 알리기" }).click();
    await expect(aisle.getByText("고마워요. 코너를 적었어요.")).toBeVisible();
    await page.reload();
    await expect(aisle.getByLabel("매장 코너")).toHaveValue("frozen");
  });

  await test.step("the cost of the meal is higher on all pages", async () => {
    await page.goto(recipe);
    await expect(costPerMeal(page)).toHaveText("한 끼 1,000원");
    const movement = page.getByRole("region", { name: "한 끼 값의 움직임" });
    await movement.getByText("표로 보기").click();
    await expect(movement.locator("tbody tr").first()).toContainText(ingredient);
    await expect(movement.locator("tbody tr td:last-child")).toHaveText(["1,000원", "750원"]);
    await page.goto(`/?${new URLSearchParams({ q: title })}`);
    await expect(cards(page)).toHaveCount(1);
    await expect(cards(page).getByTestId("cost-per-meal")).toHaveText("한 끼 1,000원");
  });

  await test.step("the shopping list shows it in the new aisle", async () => {
    await page.goto(recipe);
    await page.getByRole("button", { name: /장보기에 담기$/u }).click();
    await page.getByRole("link", { name: "장보기 목록 보기" }).click();
    await expect(page.getByRole("list", { name: "냉동식품" }).getByRole("listitem")).toContainText(ingredient);
  });
});
