import { expect, type Page } from "@playwright/test";
import { readEnvironment } from "./environment.ts";

const { siteUrl, apiUrl, accessTokenLifetime } = readEnvironment();

/** Whether page and API are two sites. Two host names are two sites, with any ports: the browser then stores no cookie of the API. */
export const twoSites = siteUrl.hostname !== apiUrl.hostname;

/** If the site itself has https, the cookie is for this host only. */
const cookieName = siteUrl.protocol === "https:" ? "__Host-refreshToken" : "refreshToken";

/** Seconds for which the API accepts an expired token, and a margin. */
const leeway = 2.5;

interface Login {
  accessToken: string;
  refreshToken?: string;
}

export const keptLogin = async (page: Page): Promise<Login | null> =>
  await page.evaluate(() => JSON.parse(localStorage.getItem("hankki.session") ?? "null") as Login | null);

/** The browser's refresh token: stored by the page if page and API are two sites, otherwise the cookie's. */
export async function refreshTokenOf(page: Page): Promise<string> {
  const cookie = (await page.context().cookies(new URL("/api/v1/auth/refresh", apiUrl).href)).find(({ name }) => name === cookieName);
  const token = (await keptLogin(page))?.refreshToken ?? cookie?.value;
  expect(token, "the browser has a refresh token").toBeTruthy();
  return token ?? "";
}

/** Refreshes without the browser, like a thief, or like a page whose response is lost. Returns the status. */
export async function refreshPastBrowser(token: string): Promise<number> {
  const [path, request] = twoSites
    ? ["token", { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ refreshToken: token }) }]
    : ["refresh", { headers: { Cookie: `${cookieName}=${token}` } }];
  const { status } = await fetch(new URL(`/api/v1/auth/${path}`, apiUrl), { method: "POST", ...request });
  return status;
}

/**
 * Makes the access token expire: by waiting if its lifetime is known to be short, otherwise by replacing it with one that
 * the API refuses. Returns the invalid token.
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

/** Whether a URL is that of the renewal, by body or by cookie. */
export const isRenewal = (url: URL): boolean => url.href.startsWith(apiUrl.origin) && /^\/api\/v1\/auth\/(?:token|refresh)$/u.test(url.pathname);
