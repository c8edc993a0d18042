import { useCallback, useSyncExternalStore } from "react";

/** A phone in portrait orientation. Content that does not fit is behind a button. */
export const narrow = "(width < 760px)";

/**
 * Widths at which the header's links do not fit in its row, in the longer of the two languages. A logged-in user has more links
 * and a name. In em, so that a larger font size counts.
 */
export const crowded = { visitor: narrow, cook: "(width < 68em)" };

/** Whether a media query matches now; follows the window and the device's settings. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
