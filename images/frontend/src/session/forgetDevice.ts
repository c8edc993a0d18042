import { onStored, storedKeys, notifyThisTab, writeItem } from "../device/storage";
import { localeKey } from "../i18n";
import { themeKey } from "../styles/theme";

/** Keys that belong to the device, not to the account. */
const kept = new Set([localeKey, themeKey]);

/** Set for a moment on logout: its storage events notify the other tabs. */
export const logoutKey = "hankki.logout";

/**
 * Removes the site's data on this device. Only for an explicit logout: when a session expires, drafts stay.
 */
export function forgetDevice(): void {
  const keys = storedKeys().filter((key) => key.startsWith("hankki.") && !kept.has(key));
  for (const key of keys) {
    writeItem(key, null);
    notifyThisTab(key, null);
  }
  writeItem(logoutKey, "now");
  writeItem(logoutKey, null);
  notifyThisTab(logoutKey, "now");
}

/** Calls back on an explicit logout in any tab, not when a session expires. Returns a function that unsubscribes. */
export function onLogout(callback: () => void): () => void {
  return onStored((key, text) => {
    if (key === logoutKey && text !== null) {
      callback();
    }
  });
}
