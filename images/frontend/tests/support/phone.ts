import { onTestFinished, vi } from "vitest";
import { crowded, narrow } from "../../src/styles/media";

/** The window of a phone: call it before the page is opened. */
export function onPhone(): void {
  const spied = vi.spyOn(window, "matchMedia").mockImplementation((media) => ({
    ...({} as MediaQueryList),
    media,
    matches: [narrow, ...Object.values(crowded)].includes(media),
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
  onTestFinished(() => spied.mockRestore());
}
