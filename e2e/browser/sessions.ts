import { expect, type Page } from "@playwright/test";
import { readEnvironment } from "./environment.ts";

const { siteUrl, apiUrl, accessTokenLifetime } = readEnvironment();

/** To a browser, two addresses are two sites, whatever their ports: then it keeps no cookie of the API. */
export const twoSites = siteUrl.hostname !== apiUrl.hostname;

/** With https of its own, the site's cookie is for one host alone. */
const cookieName = siteUrl.protocol === "https:" ? "__Host-refreshToken" : "refreshToken";

/** How far the API takes a token after its end, in seconds, and a little more. */
const leeway = 2.5;

interface Login {
  accessToken: string;
  refreshToken?: string;
}

export const keptLogin = async (page: Page): Promise<Login | null> =>
  await page.evaluate(() => JSON.parse(localStorage.getItem("hankki.session") ?? "null") as Login | null);

/** The refresh token that the browser has: in the page where page and API are two sites, else in the cookie. */
export async function refreshTokenOf(page: Page): Promise<string> {
  const cookie = (await page.context().cookies(new URL("/api/v1/auth/refresh", apiUrl).href)).find(({ name }) => name === cookieName);
  const token = (await keptLogin(page))?.refreshToken ?? cookie?.value;
  expect(token, "the browser has a refresh token").toBeTruthy();
  return token ?? "";
}

/** Refreshes past the browser, as a thief does, or as a page does whose answer is lost; gives the status. */
export async function refreshPastBrowser(token: string): Promise<number> {
  const [path, request] = twoSites
    ? ["token", { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ refreshToken: token }) }]
    : ["refresh", { headers: { Cookie: `${cookieName}=${token}` } }];
  const { status } = await fetch(new URL(`/api/v1/auth/${path}`, apiUrl), { method: "POST", ...request });
  return status;
}

/**
 * Lets the access token run out: where its lifetime is known to be short by waiting for it, else by putting one in its
 * place that the API refuses. Gives the token that is no good any more.
 */
export async function outdate(page: Page): Promise<string> {
  const login = await keptLogin(page);
  if (accessTokenLifetime === undefined) {
    const accessToken = "outdated";
    await page.evaluate((kept) => localStorage.setItem("hankki.session", JSON.stringify(kept)), { ...login, accessToken });
    return accessToken;
  }
  const [, claims = ""] = login?.accessToken.split(".") ?? [];
  const { exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { exp: number };
  await expect.poll(() => Date.now() / 1000, { timeout: (accessTokenLifetime + 60) * 1000 }).toBeGreaterThan(exp + leeway);
  return login?.accessToken ?? "";
}

/** The address of the renewal, by body or by cookie. */
export const isRenewal = (url: URL): boolean => url.href.startsWith(apiUrl.origin) && /^\/api\/v1\/auth\/(?:token|refresh)$/u.test(url.pathname);
