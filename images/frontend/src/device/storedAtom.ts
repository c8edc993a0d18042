import { atomWithStorage } from "jotai/utils";
import { onStored, readItem, writeItem } from "./storage";

/**
 * An atom that is kept on this device and follows the other tabs. Whatever is stored may be damaged, or of another release:
 * `read` makes a value of it wherever it comes from, and of null, which is nothing. Null as a value stores nothing.
 */
export function storedAtom<T>(key: string, read: (stored: unknown) => T) {
  return atomWithStorage<T>(key, read(null), storedValue(key, read), { getOnInit: true });
}

/** The value by itself, as all tabs share it. The same text gives the same object. */
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
