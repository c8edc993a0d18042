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
      // Vitest leaves one core to its main process by default, and so runs one file at a time on two cores.
      maxWorkers: "100%",
      testTimeout: 45_000,
      expect: { poll: { timeout: 15_000 } },
      // A failed query prints the page it looked in: its pictures are long.
      env: { DEBUG_PRINT_LIMIT: "1500" },
    },
  }),
);
