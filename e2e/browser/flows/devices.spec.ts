import type { Page } from "@playwright/test";
import { secondDevice } from "../devices.ts";
import { expect, test } from "../fixtures.ts";
import { openRecipe } from "../recipes.ts";

/** Makes a change of this device's list, and resolves when the account's list has it. */
async function synced(page: Page, change: () => Promise<void>): Promise<void> {
  const kept = page.waitForResponse((response) => response.url().endsWith("/me/shopping-list") && response.request().method() === "PUT" && response.ok());
  await change();
  await kept;
}

const item = (page: Page, name: string) => page.getByRole("region", { name: "살 것" }).getByRole("checkbox", { name: new RegExp(`^${name}`, "u") });

test("a shopping list and its ticks are the same on two devices of a cook", async ({ page, cook, browser }) => {
  await test.step("recipes are chosen and ticked on one device", async () => {
    await openRecipe(page, "김치찌개");
    await synced(page, () => page.getByRole("button", { name: /인분 장보기에 담기$/u }).click());
    await page.getByRole("link", { name: "장보기 목록 보기" }).click();
    await synced(page, () => item(page, "두부").check());
  });

  const { page: other, seen, close } = await secondDevice(browser, cook);
  await test.step("the list is on the other device, which ticks more", async () => {
    await other.goto("/shopping-list");
    await expect(item(other, "두부")).toBeChecked();
    await expect(item(other, "대파")).not.toBeChecked();
    await synced(other, () => item(other, "대파").check());
    await page.reload();
    await expect(item(page, "대파")).toBeChecked();
    await expect(item(page, "두부")).toBeChecked();
  });

  await test.step("an item unticked on one device is unticked on the other", async () => {
    await synced(page, () => item(page, "두부").uncheck());
    await other.reload();
    await expect(item(other, "대파")).toBeChecked();
    await expect(item(other, "두부")).not.toBeChecked();
  });

  await test.step("a removed recipe disappears on both devices, with its ticks", async () => {
    await synced(other, () => other.getByRole("button", { name: "김치찌개 빼기" }).click());
    await page.reload();
    await expect(page.getByText("담은 요리가 없어요.")).toBeVisible();
  });
  expect(seen.errors).toEqual([]);
  await close();
});
