import { onTestFinished, vi } from "vitest";
import { crowded, narrow } from "../../src/styles/media";

/** The window of a phone: call it before the page is opened. */
export const onPhone = (): void => matchingOnly(narrow, ...Object.values(crowded));

/** A window that is wide enough for all but a cook's places in the header. */
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
