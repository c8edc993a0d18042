import { join } from "node:path";
import { readEnvironment } from "./environment.ts";
import { test } from "./fixtures.ts";
import { tour } from "./tour.ts";

const { screenshots } = readEnvironment();

/** Below this a long list says no more. */
const tallest = 1720;

// Only defined when asked for, so that a run without it has nothing to skip.
if (screenshots) {
  test("screenshots of every page", async ({ page, account, seen }) => {
    test.slow();
    await tour({
      page,
      account,
      seen,
      stop: async (name, { width, colorScheme }) => {
        const height = await page.evaluate(() => {
          // The header sticks to the top of what is seen, which is the top of the picture then.
          window.scrollTo(0, 0);
          return document.documentElement.scrollHeight;
        });
        await page.screenshot({
          path: join(screenshots, `${name}-${width}-${colorScheme}.png`),
          fullPage: true,
          clip: { x: 0, y: 0, width, height: Math.min(height, tallest) },
        });
      },
    });
  });
}
