import { useCallback, useSyncExternalStore } from "react";

/** A phone, held upright: what does not fit beside the rest is behind a button there. */
export const narrow = "(width < 760px)";

/**
 * Where the header's places do not fit in its row beside the rest, in the longer of the two languages: a visitor's, and a cook's, who has
 * more of them and a long name. In em, so that a reader's larger letters count.
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
