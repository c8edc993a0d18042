import { defineConfig } from "@playwright/test";
import { readEnvironment } from "./environment.ts";

const { siteUrl, chromium } = readEnvironment();

export default defineConfig({
  testDir: ".",
  workers: 2,
  projects: [
    // First, since it is the longest: each page, however it got there.
    { name: "pages", testMatch: ["axe.spec.ts", "screenshots.spec.ts"] },
    // What a person does; it goes other ways where the API has an origin of its own.
    { name: "flows", testMatch: ["site.spec.ts", "flows/*.spec.ts"] },
    // It measures, so nothing else may run beside it.
    { name: "lighthouse", testMatch: "lighthouse.spec.ts", dependencies: ["pages", "flows"] },
  ],
  retries: 0,
  forbidOnly: true,
  // Generous: the machine may be running a whole cluster beside the browser.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    baseURL: siteUrl.href,
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    headless: true,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        // The test runs as root in a closed network: no sandbox, and nothing that calls home.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
