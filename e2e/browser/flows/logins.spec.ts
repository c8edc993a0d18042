import type { Page } from "@playwright/test";
import { loggedInAs } from "../accounts.ts";
import { expect, test } from "../fixtures.ts";
import { isRenewal, keptLogin, outdate, refreshPastBrowser, refreshTokenOf, twoSites } from "../sessions.ts";
import { watch } from "../watch.ts";

/** The refusal of an expired access token. It may be logged after the page has a new one. */
const expired = /401.*\/api\/v1\/me/u;

const accessTokenOf = async (page: Page): Promise<string | undefined> => (await keptLogin(page))?.accessToken;

/** Reloads the page after the access token has expired; resolves when the browser has a new token. */
async function reloadAfterItRanOut(page: Page): Promise<void> {
  const ended = await outdate(page);
  await page.reload();
  await expect.poll(() => accessTokenOf(page)).not.toBe(ended);
}

/** A login ends with a renewal, which shows whether the browser sends the cookie. */
const settled = async (page: Page): Promise<void> =>
  await expect.poll(async () => (await keptLogin(page))?.refreshToken !== undefined, { message: "the page keeps a refresh token" }).toBe(twoSites);

test("a cook stays logged in for five lifetimes of an access token, more than an hour", async ({ page, cook, seen }) => {
  seen.ignore(expired);
  await settled(page);
  for (let lifetime = 1; lifetime <= 5; lifetime += 1) {
    const former = await refreshTokenOf(page);
    await reloadAfterItRanOut(page);
    await expect(loggedInAs(page, cook.name)).toBeVisible();
    await expect.poll(() => refreshTokenOf(page)).not.toBe(former);
    await settled(page);
  }
});

test("renewals with lost responses, and renewals of two tabs at once, end no login", async ({ page, cook, context, seen }) => {
  seen.ignore(expired, /ERR_CONNECTION_RESET.*\/api\/v1\/auth\//u);
  await settled(page);

  await test.step("the page is closed before the response", async () => {
    expect(await refreshPastBrowser(await refreshTokenOf(page))).toBe(200);
    await reloadAfterItRanOut(page);
    await expect(loggedInAs(page, cook.name)).toBeVisible();
  });

  await test.step("the network fails before the response", async () => {
    await page.route(
      isRenewal,
      async (route) => {
        expect(await refreshPastBrowser(await refreshTokenOf(page))).toBe(200);
        await route.abort("connectionreset");
      },
      { times: 1 },
    );
    await reloadAfterItRanOut(page);
    await expect(loggedInAs(page, cook.name)).toBeVisible();
  });

  await test.step("two tabs renew at the same time, and both stay logged in", async () => {
    const tab = await context.newPage();
    const seenThere = await watch(tab);
    seenThere.ignore(expired);
    await tab.goto("/favourites");
    const ended = await outdate(page);
    await Promise.all([page.reload(), tab.reload()]);
    await expect.poll(() => accessTokenOf(page)).not.toBe(ended);
    await expect(loggedInAs(page, cook.name)).toBeVisible();
    await expect(loggedInAs(tab, cook.name)).toBeVisible();
    for (const one of [page, tab, page]) {
      await reloadAfterItRanOut(one);
      await expect(loggedInAs(one, cook.name)).toBeVisible();
    }
    expect(seenThere.errors).toEqual([]);
    await tab.close();
  });
});

test("a late use of a copied refresh token ends the login", async ({ page, cook, seen }) => {
  seen.ignore(expired, /401.*\/api\/v1\/auth\//u);
  // The last request of a page. A later one would end the login before the reload below, whose page would then report nothing.
  const last = () => page.waitForResponse((response) => response.url().endsWith("/api/v1/me/favourites/ids") && response.ok());
  await settled(page);
  const copied = await refreshTokenOf(page);
  await Promise.all([last(), reloadAfterItRanOut(page)]);
  await expect.poll(() => refreshTokenOf(page)).not.toBe(copied);
  await Promise.all([last(), reloadAfterItRanOut(page)]);
  await expect(loggedInAs(page, cook.name)).toBeVisible();

  expect(await refreshPastBrowser(copied)).toBe(401);

  await outdate(page);
  await page.reload();
  await expect(page.getByText("로그인한 지 오래되어 로그아웃되었어요. 다시 로그인해 주세요.")).toBeVisible();
  expect(await keptLogin(page)).toBeNull();
});

test("logging out ends the session at the API too", async ({ page, cook }) => {
  await settled(page);
  const token = await refreshTokenOf(page);
  const answer = page.waitForResponse((response) => response.url().endsWith("/api/v1/auth/logout"));
  await page.getByRole("button", { name: "로그아웃" }).click();
  expect((await answer).status()).toBe(204);
  await expect(loggedInAs(page, cook.name)).toBeHidden();
  expect(await refreshPastBrowser(token)).toBe(401);
});
