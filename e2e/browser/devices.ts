import type { Browser, Page } from "@playwright/test";
import { logIn, type Account } from "./accounts.ts";
import { watch, type Watch } from "./watch.ts";

export interface Device {
  page: Page;
  /** What its browser complains of; the test that uses the device has to look. */
  seen: Watch;
  close: () => Promise<void>;
}

/** The same person on a device of its own, logged in, on the list of recipes. */
export async function secondDevice(browser: Browser, account: Account): Promise<Device> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const seen = await watch(page);
  await page.goto("/");
  await logIn(page, account);
  return { page, seen, close: () => context.close() };
}
