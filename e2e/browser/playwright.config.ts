import { defineConfig } from "@playwright/test";
import { readEnvironment } from "./environment.ts";

const { siteUrl, chromium } = readEnvironment();

export default defineConfig({
  testDir: ".",
  workers: 2,
  projects: [
    // First, because it takes longest: each page and its states.
    { name: "pages", testMatch: ["axe.spec.ts", "screenshots.spec.ts"] },
    // The actions of a user; the requests differ if the API has a separate origin.
    { name: "flows", testMatch: ["site.spec.ts", "flows/*.spec.ts"] },
    // It measures performance, so it runs alone.
    { name: "lighthouse", testMatch: "lighthouse.spec.ts", dependencies: ["pages", "flows"] },
  ],
  retries: 0,
  forbidOnly: true,
  // Milliseconds; long, because the machine may also run a whole cluster.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    baseURL: siteUrl.href,
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    headless: true,
    // Without the film of the page, which takes a quarter of the CPU time. A trace has the page before and after each step.
    trace: { mode: "retain-on-failure", screenshots: false },
    launchOptions: {
      executablePath: chromium,
      args: [
        // The test runs as root in a closed network: no sandbox, and no requests to the browser's vendor.
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
