import { defineConfig, mergeConfig } from "vitest/config";
import viteConfig from "./vite.config.ts";

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      environment: "jsdom",
      environmentOptions: { jsdom: { url: "http://10.0.0.4/" } },
      setupFiles: ["tests/setup.ts"],
      include: ["tests/**/*.test.{ts,tsx}"],
      restoreMocks: true,
      testTimeout: 45_000,
      expect: { poll: { timeout: 15_000 } },
      // A failed query prints the page it looked in: its pictures are long.
      env: { DEBUG_PRINT_LIMIT: "1500" },
    },
  }),
);
