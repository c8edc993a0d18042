import type { Page } from "@playwright/test";
import { loggedInAs } from "../accounts.ts";
import { expect, test } from "../fixtures.ts";
import { isRenewal, keptLogin, outdate, refreshPastBrowser, refreshTokenOf, twoSites } from "../sessions.ts";
import { watch, type Watch } from "../watch.ts";

/** Refusals of access tokens that ran out, and what else a test says it caused. */
function expectOnly(seen: Watch, ...causes: RegExp[]): void {
  const expected = [/401.*\/api\/v1\/me/u, ...causes];
  expect(seen.take().filter((complaint) => !expected.some((cause) => cause.test(complaint)))).toEqual([]);
}

const accessTokenOf = async (page: Page): Promise<string | undefined> => (await keptLogin(page))?.accessToken;

/** Once the access token has run out, the page is loaded anew; resolves when the browser has another one. */
async function reloadAfterItRanOut(page: Page): Promise<void> {
  const ended = await outdate(page);
  await page.reload();
  await expect.poll(() => accessTokenOf(page)).not.toBe(ended);
}

/** A login ends with a renewal that tells whether the browser brings the cookie back. */
const settled = async (page: Page): Promise<void> =>
  await expect.poll(async () => (await keptLogin(page))?.refreshToken !== undefined, { message: "the page keeps a refresh token" }).toBe(twoSites);

test("a cook stays logged in for five lifetimes of an access token, more than an hour", async ({ page, cook, seen }) => {
  await settled(page);
  for (let lifetime = 1; lifetime <= 5; lifetime += 1) {
    const former = await refreshTokenOf(page);
    await reloadAfterItRanOut(page);
    await expect(loggedInAs(page, cook.name)).toBeVisible();
    await expect.poll(() => refreshTokenOf(page)).not.toBe(former);
    await settled(page);
  }
  expectOnly(seen);
});

test("renewals whose answers are lost end no login, nor do two tabs at once", async ({ page, cook, context, seen }) => {
  await settled(page);

  await test.step("the page was left before the answer came", async () => {
    expect(await refreshPastBrowser(await refreshTokenOf(page))).toBe(200);
    await reloadAfterItRanOut(page);
    await expect(loggedInAs(page, cook.name)).toBeVisible();
  });

  await test.step("the network broke before the answer came", async () => {
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

  await test.step("two tabs ask at once, and both go on", async () => {
    const tab = await context.newPage();
    const seenThere = await watch(tab);
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
    expectOnly(seenThere);
    await tab.close();
  });

  expectOnly(seen, /ERR_CONNECTION_RESET.*\/api\/v1\/auth\//u);
});

test("a refresh token that was copied ends the login when it is used late", async ({ page, cook, seen }) => {
  await settled(page);
  const copied = await refreshTokenOf(page);
  await reloadAfterItRanOut(page);
  await expect.poll(() => refreshTokenOf(page)).not.toBe(copied);
  await reloadAfterItRanOut(page);
  await expect(loggedInAs(page, cook.name)).toBeVisible();
  await page.waitForLoadState("networkidle"); // a request that is still to come would end the login before the reload below

  expect(await refreshPastBrowser(copied)).toBe(401);

  await outdate(page);
  await page.reload();
  await expect(page.getByText("로그인한 지 오래되어 로그아웃되었어요. 다시 로그인해 주세요.")).toBeVisible();
  expect(await keptLogin(page)).toBeNull();
  expectOnly(seen, /401.*\/api\/v1\/auth\//u);
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
