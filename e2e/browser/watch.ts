import type { Page } from "@playwright/test";

export interface Preflight {
  url: string;
  status: number;
  allowOrigin: string | undefined;
}

export interface Watch {
  /** Uncaught errors, error lines of the console and violations of the Content-Security-Policy. */
  errors: string[];
  /** Removes and returns the errors so far, for a test that caused them. */
  take: () => string[];
  /** Ignores errors of these causes, also later ones, for a test that causes them at times of the browser's choice. */
  ignore: (...causes: RegExp[]) => void;
  /** The CORS preflights that the browser sent; only the DevTools protocol shows them. */
  preflights: Preflight[];
}

/** Records the errors of a page. Call it before the page's first request. */
export async function watch(page: Page): Promise<Watch> {
  const errors: string[] = [];
  const preflights: Preflight[] = [];
  const ignored: RegExp[] = [];
  const record = (text: string) => {
    if (!ignored.some((cause) => cause.test(text))) {
      errors.push(text);
    }
  };

  page.on("pageerror", (error) => record(`uncaught: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") {
      record(`console: ${message.text()} (${message.location().url})`);
    }
  });
  await page.exposeFunction("reportCspViolation", record);
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
  return { errors, take: () => errors.splice(0), ignore: (...causes) => ignored.push(...causes), preflights };
}
