import { readFile } from "node:fs/promises";
import { expect, test } from "../fixtures.ts";
import { openRecipe } from "../recipes.ts";

interface File {
  account: { name: string; email: string };
  favourites: { title: string }[];
  shoppingList: { recipes: { title: string }[] };
}

test("a cook downloads all data of the account as a file", async ({ page, cook }) => {
  await openRecipe(page, "된장찌개");
  const done = (path: RegExp) => page.waitForResponse((response) => path.test(response.url()) && response.request().method() === "PUT" && response.ok());
  const kept = Promise.all([done(/\/me\/favourites\/\d+$/u), done(/\/me\/shopping-list$/u)]);
  await page.getByRole("main").getByRole("button", { name: /즐겨찾기$/u }).click();
  await page.getByRole("button", { name: /인분 장보기에 담기$/u }).click();
  await kept;

  await page.getByTestId("user").click();
  const begun = page.waitForEvent("download");
  await page.getByRole("button", { name: "파일로 받기" }).click();
  const download = await begun;
  expect(download.suggestedFilename()).toBe("hankki.json");
  const text = await readFile(await download.path(), "utf8");
  const file = JSON.parse(text) as File;
  expect(file.account).toMatchObject({ name: cook.name, email: cook.email });
  expect(file.favourites.map(({ title }) => title)).toEqual(["된장찌개"]);
  expect(file.shoppingList.recipes.map(({ title }) => title)).toEqual(["된장찌개"]);
  expect(text).not.toContain(cook.password);
});
