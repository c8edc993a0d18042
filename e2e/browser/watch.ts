import type { Page } from "@playwright/test";

/** Complaints that are no fault of the site, each with its reason. There is none so far. */
const tolerated: readonly { pattern: RegExp; reason: string }[] = [];

export interface Preflight {
  url: string;
  status: number;
  allowOrigin: string | undefined;
}

export interface Watch {
  /** Uncaught errors, error lines of the console and violations of the Content-Security-Policy. */
  complaints: string[];
  /** The complaints so far, for a test that caused them; they count no more. */
  take: () => string[];
  /** The CORS preflights that the browser sent; only the DevTools protocol shows them. */
  preflights: Preflight[];
}

/** Listens to a page from before its first request. */
export async function watch(page: Page): Promise<Watch> {
  const complaints: string[] = [];
  const preflights: Preflight[] = [];
  const complain = (text: string) => {
    if (!tolerated.some(({ pattern }) => pattern.test(text))) {
      complaints.push(text);
    }
  };

  page.on("pageerror", (error) => complain(`uncaught: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") {
      complain(`console: ${message.text()} (${message.location().url})`);
    }
  });
  await page.exposeFunction("reportCspViolation", complain);
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      const report = (window as unknown as { reportCspViolation: (text: string) => void }).reportCspViolation;
      report(`CSP: ${violatedDirective} blocked ${blockedURI}`);
    });
  });

  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  devtools.on("Network.responseReceived", ({ type, response }) => {
    if (type === "Preflight") {
      const allowed = Object.entries(response.headers).find(([name]) => name.toLowerCase() === "access-control-allow-origin");
      preflights.push({ url: response.url, status: response.status, allowOrigin: allowed?.[1] });
    }
  });
  return { complaints, take: () => complaints.splice(0), preflights };
}
