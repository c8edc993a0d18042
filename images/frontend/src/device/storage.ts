/**
 * Local Storage, as far as the browser gives it. Where it gives none (site data is blocked, the storage is full), what is
 * written stays in this page's memory, so the site works without a memory of its own. Nothing here throws.
 */

/** What could not be stored, by key; null is a removal that failed. */
const unsaved = new Map<string, string | null>();

/** Absent, or an error when it is named, whatever its type says. */
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

/** Writes a text, or removes what is there for null; tells whether that outlasts this page. */
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
    // Full or forbidden: as if there were none.
  }
  unsaved.set(key, text);
  return false;
}

/** The keys that have a value. */
export function storedKeys(): string[] {
  let stored: string[] = [];
  try {
    stored = Object.keys(localArea() ?? {});
  } catch {
    // What is in memory is all there is.
  }
  return [...new Set([...stored, ...unsaved.keys()])].filter((key) => readItem(key) !== null);
}

/**
 * Calls back when a value changes in another tab, and where `tellThisTab` says so; null as key stands for all of them.
 * Returns how to stop.
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
export function tellThisTab(key: string, newValue: string | null): void {
  const area = localArea();
  window.dispatchEvent(new StorageEvent("storage", { key, newValue, storageArea: area instanceof Storage ? area : null }));
}

/** What another tab wrote is newer. */
function forgetUnsaved(key: string | null): void {
  if (key === null) {
    unsaved.clear();
  } else if (localArea()) {
    unsaved.delete(key);
  }
}
