import { onTestFinished, vi } from "vitest";
import { crowded, narrow } from "../../src/styles/media";

/** Sets the width of a phone. Call it before the page is opened. */
export const onPhone = (): void => matchingOnly(narrow, ...Object.values(crowded));

/** Sets a width that is enough for everything except the header's links of a logged-in user. */
export const onTablet = (): void => matchingOnly(crowded.cook);

function matchingOnly(...queries: string[]): void {
  const spied = vi.spyOn(window, "matchMedia").mockImplementation((media) => ({
    ...({} as MediaQueryList),
    media,
    matches: queries.includes(media),
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
  onTestFinished(() => spied.mockRestore());
}
