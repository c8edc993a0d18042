import { localeKey } from "../i18n";
import { themeKey } from "../styles/theme";

/** Of whoever uses the device, not of the account. */
const kept = new Set([localeKey, themeKey]);

/**
 * Removes what the site stored on this device. Only for those who log out by themselves: when a login runs out,
 * drafts stay. Atoms in this tab follow storage events, which browsers send to the other tabs only.
 */
export function forgetDevice(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith("hankki.") && !kept.has(key));
  for (const key of keys) {
    localStorage.removeItem(key);
    window.dispatchEvent(new StorageEvent("storage", { key, newValue: null, storageArea: localStorage }));
  }
}
