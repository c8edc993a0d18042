import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "./fixtures.ts";
import { horizontalOverflow } from "./overflow.ts";
import { tour } from "./tour.ts";

// The findings of axe are sufficient, and a trace of so many steps takes longer than the steps.
test.use({ trace: "off" });

test("axe finds nothing on any page, and none scrolls sideways", async ({ page, account, seen }) => {
  test.slow();
  await tour({
    page,
    account,
    seen,
    stop: async (name, { width, colorScheme }) => {
      expect.soft(await horizontalOverflow(page), `${name} scrolls sideways at ${width} px`).toBe(0);
      // The site has no frames, for which axe would open a second page each time. All rules run; details of passes are not needed.
      const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode().analyze();
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`));
      expect.soft(found, `${name}, ${width} px, ${colorScheme}`).toEqual([]);
    },
  });
});
