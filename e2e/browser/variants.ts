import type { Page } from "@playwright/test";

export interface Variant {
  width: number;
  colorScheme: "light" | "dark";
}

const heights: Readonly<Record<number, number>> = { 1280: 860, 360: 740 };

export const variants: readonly Variant[] = [1280, 360].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);

/** Shows the open page in that variant at once: reduced motion disables the transition of colours. */
export async function show(page: Page, { width, colorScheme }: Variant): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: heights[width] ?? width });
  // The layout of media queries follows in the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
