import { expect, type Page } from "@playwright/test";

/** Opens a link of the header. On a phone the links are in its menu. */
export async function goTo(page: Page, name: string): Promise<void> {
  const header = page.getByRole("navigation");
  await expect(header).toBeVisible();
  const menu = header.getByRole("button", { name: "메뉴" });
  if (await menu.isVisible()) {
    await menu.click();
  }
  await header.getByRole("link", { name, exact: true }).click();
}
