import { join } from "node:path";
import { readEnvironment } from "./environment.ts";
import { test } from "./fixtures.ts";
import { tour } from "./tour.ts";

const { screenshots } = readEnvironment();

/** Maximum height in pixels: the rest of a long list shows nothing new. */
const tallest = 1720;

// Defined only with SCREENSHOTS, so that other runs have no skipped test.
if (screenshots) {
  test("screenshots of every page", async ({ page, account, seen }) => {
    test.slow();
    await tour({
      page,
      account,
      seen,
      stop: async (name, { width, colorScheme }) => {
        const height = await page.evaluate(() => {
          // The header is sticky. At this scroll position it is at the top of the picture.
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
