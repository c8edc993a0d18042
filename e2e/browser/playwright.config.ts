import { defineConfig } from "@playwright/test";
import { readEnvironment } from "./environment.ts";

const { siteUrl, chromium } = readEnvironment();

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  workers: 1,
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
