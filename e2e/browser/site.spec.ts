import { expect, test } from "@playwright/test";
import { loggedInAs, newAccount, signUp, tryToLogIn } from "./accounts.ts";
import { readEnvironment } from "./environment.ts";
import { cards, perMeal } from "./recipes.ts";
import { watch } from "./watch.ts";

const { siteUrl, apiUrl } = readEnvironment();
const crossOrigin = siteUrl.origin !== apiUrl.origin;
const isLogin = (url: string) => url.split("?", 1)[0] === new URL("/api/v1/auth/login", apiUrl).href;

test("a cook signs up, logs in, reads a recipe, reloads and logs out", async ({ page }) => {
  const account = newAccount();
  const seen = await watch(page);

  await test.step("the page shows recipes with the cost of one meal", async () => {
    await page.goto("/");
    await expect(page).toHaveTitle(/한끼얼마/u);
    await expect(cards(page).first()).toBeVisible();
    for (const card of await cards(page).all()) {
      await expect(card.getByTestId("cost-per-meal")).toHaveText(perMeal);
    }
  });

  await test.step("sign up", async () => {
    await signUp(page, account);
    await page.getByRole("button", { name: "로그아웃" }).click();
    await expect(loggedInAs(page, account.name)).toBeHidden();
  });

  await test.step("log in", async () => {
    const answer = page.waitForResponse((response) => isLogin(response.url()) && response.request().method() === "POST");
    await tryToLogIn(page, account);
    const login = await answer;
    expect(login.status()).toBe(200);
    expect(await login.headerValue("set-cookie"), "the refresh token comes in a cookie no script can read").toMatch(/refreshToken=.*HttpOnly/iu);
    if (crossOrigin) {
      expect(await login.headerValue("access-control-allow-origin")).toBe(siteUrl.origin);
    }
    await expect(loggedInAs(page, account.name)).toBeVisible();
  });

  await test.step("open a recipe", async () => {
    const title = "김치찌개";
    await page.goto(`/?${new URLSearchParams({ q: title })}`);
    const card = cards(page).filter({ has: page.getByRole("heading", { name: title, exact: true }) });
    const cost = (await card.getByTestId("cost-per-meal").textContent()) ?? "";
    await card.getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(page.getByTestId("cost-per-meal")).toHaveText(cost);
    const ingredients = page.getByRole("region", { name: "재료" }).locator("tbody tr");
    expect(await ingredients.count()).toBeGreaterThan(0);
    for (const row of await ingredients.all()) {
      await expect(row.getByRole("cell").last()).toHaveText(/^[\d,]+원$/u);
    }
    expect(await page.getByRole("region", { name: "만드는 법" }).getByRole("listitem").count()).toBeGreaterThan(0);
  });

  await test.step("still logged in after a reload", async () => {
    const me = page.waitForResponse((response) => response.url() === new URL("/api/v1/me", apiUrl).href);
    await page.reload();
    await expect(loggedInAs(page, account.name)).toBeVisible();
    expect((await me).status(), "the API takes the access token that was kept").toBe(200);
    const kept = await page.evaluate(() => localStorage.getItem("hankki.session"));
    expect(JSON.parse(kept ?? "null")).toMatchObject({ accessToken: expect.any(String), user: { email: account.email } });
  });

  await test.step("log out", async () => {
    await page.getByRole("button", { name: "로그아웃" }).click();
    await expect(page.getByRole("link", { name: "로그인" })).toBeVisible();
    await expect(page.getByRole("status").getByText("로그아웃했어요.")).toBeVisible();
    expect(await page.evaluate(() => localStorage.getItem("hankki.session"))).toBeNull();
  });

  await test.step("the browser sent a CORS preflight exactly if the origins differ", () => {
    for (const { url, status, allowOrigin } of seen.preflights) {
      console.log(`preflight: OPTIONS ${url} → ${status}, Access-Control-Allow-Origin: ${allowOrigin}`);
    }
    const login = seen.preflights.filter(({ url }) => isLogin(url));
    if (crossOrigin) {
      expect(login.length, "preflights of the login").toBeGreaterThan(0);
      expect(new Set(seen.preflights.map(({ allowOrigin }) => allowOrigin))).toEqual(new Set([siteUrl.origin]));
    } else {
      expect(seen.preflights).toEqual([]);
    }
  });

  expect(seen.errors).toEqual([]);
});
