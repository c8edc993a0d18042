import type { Browser, Page } from "@playwright/test";
import { logIn, type Account } from "./accounts.ts";
import { watch, type Watch } from "./watch.ts";

export interface Device {
  page: Page;
  /** The errors of its browser. The test that uses the device must check them. */
  seen: Watch;
  close: () => Promise<void>;
}

/** The same user on a second device, logged in, on the list of recipes. */
export async function secondDevice(browser: Browser, account: Account): Promise<Device> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const seen = await watch(page);
  await page.goto("/");
  await logIn(page, account);
  return { page, seen, close: () => context.close() };
}
