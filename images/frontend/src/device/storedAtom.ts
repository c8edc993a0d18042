import { atomWithStorage } from "jotai/utils";
import { onStored, readItem, writeItem } from "./storage";

/**
 * An atom that is stored on this device and follows the other tabs. Stored data may be damaged or from another version, so
 * `read` converts all stored data to a value, and null if nothing is stored. The value null removes the stored data.
 */
export function storedAtom<T>(key: string, read: (stored: unknown) => T) {
  return atomWithStorage<T>(key, read(null), storedValue(key, read), { getOnInit: true });
}

/** The shared value, without the atom. The same text gives the same object. */
export function storedValue<T>(key: string, read: (stored: unknown) => T) {
  let last: { text: string | null; value: T } | undefined;
  const valueOf = (text: string | null): T => {
    if (last?.text !== text) {
      last = { text, value: read(parse(text)) };
    }
    return last.value;
  };
  const removeItem = () => void writeItem(key, null);
  return {
    getItem: () => valueOf(readItem(key)),
    setItem: (_: string, value: T) => (value === null ? removeItem() : void writeItem(key, JSON.stringify(value))),
    removeItem,
    subscribe: (_: string, callback: (value: T) => void) =>
      onStored((changed, text) => {
        if (changed === key || changed === null) {
          callback(valueOf(changed === null ? readItem(key) : text));
        }
      }),
  };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
