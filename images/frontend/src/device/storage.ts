/**
 * Local Storage with a fallback. If the browser refuses it (site data is blocked, the storage is full), values stay in this
 * page's memory, so the site works without it. No function throws.
 */

/** Values that could not be stored, by key; null: a failed removal. */
const unsaved = new Map<string, string | null>();

/** May be undefined, or throw on access, despite its type. */
export function localArea(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export function readItem(key: string): string | null {
  const kept = unsaved.get(key);
  if (kept !== undefined) {
    return kept;
  }
  try {
    return localArea()?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** Writes a text, or removes the value if it is null. Returns whether the change outlasts this page. */
export function writeItem(key: string, text: string | null): boolean {
  const area = localArea();
  try {
    if (area) {
      if (text === null) {
        area.removeItem(key);
      } else {
        area.setItem(key, text);
      }
      unsaved.delete(key);
      return true;
    }
  } catch {
    // Full or forbidden: use the memory.
  }
  unsaved.set(key, text);
  return false;
}

/** The keys with a value. */
export function storedKeys(): string[] {
  let stored: string[] = [];
  try {
    stored = Object.keys(localArea() ?? {});
  } catch {
    // Only the keys in memory.
  }
  return [...new Set([...stored, ...unsaved.keys()])].filter((key) => readItem(key) !== null);
}

/**
 * Calls back when a value changes in another tab, or after `notifyThisTab` in this tab; the key null stands for all keys.
 * Returns a function that unsubscribes.
 */
export function onStored(callback: (key: string | null, text: string | null) => void): () => void {
  const listen = ({ key, newValue, storageArea }: StorageEvent) => {
    // Session Storage sends events of the same kind.
    if (storageArea === null || storageArea === localArea()) {
      forgetUnsaved(key);
      callback(key, newValue);
    }
  };
  window.addEventListener("storage", listen);
  return () => window.removeEventListener("storage", listen);
}

/** Browsers send storage events to the other tabs only. */
export function notifyThisTab(key: string, newValue: string | null): void {
  const area = localArea();
  window.dispatchEvent(new StorageEvent("storage", { key, newValue, storageArea: area instanceof Storage ? area : null }));
}

/** The value of another tab is newer than the one in memory. */
function forgetUnsaved(key: string | null): void {
  if (key === null) {
    unsaved.clear();
  } else if (localArea()) {
    unsaved.delete(key);
  }
}
