import { expect, test as base } from "@playwright/test";
import { deleteIfThere, newAccount, signUp, type Account } from "./accounts.ts";
import { watch, type Watch } from "./watch.ts";

interface Fixtures {
  /** The errors of the browser. An error that the test does not take fails the test. */
  seen: Watch;
  /** An account for this test alone, not signed up yet. */
  account: Account;
  /** The account, signed up and logged in, on the list of recipes. */
  cook: Account;
}

export const test = base.extend<Fixtures>({
  seen: [
    async ({ page }, use) => {
      const seen = await watch(page);
      await use(seen);
      expect(seen.errors, "errors of the browser").toEqual([]);
    },
    { auto: true },
  ],
  account: async ({ request }, use) => {
    const account = newAccount();
    await use(account);
    await deleteIfThere(request, account);
  },
  cook: async ({ page, account, seen: _ }, use) => {
    await page.goto("/");
    await signUp(page, account);
    await use(account);
  },
});

export { expect };
