import { onStored, storedKeys, tellThisTab, writeItem } from "../device/storage";
import { localeKey } from "../i18n";
import { themeKey } from "../styles/theme";

/** Of whoever uses the device, not of the account. */
const kept = new Set([localeKey, themeKey]);

/** Set for a moment when somebody logs out: the storage events of it are what the tabs tell each other by. */
export const logoutKey = "hankki.logout";

/**
 * Removes what the site stored on this device. Only for those who log out by themselves: when a login runs out,
 * drafts stay.
 */
export function forgetDevice(): void {
  const keys = storedKeys().filter((key) => key.startsWith("hankki.") && !kept.has(key));
  for (const key of keys) {
    writeItem(key, null);
    tellThisTab(key, null);
  }
  writeItem(logoutKey, "now");
  writeItem(logoutKey, null);
  tellThisTab(logoutKey, "now");
}

/** Calls back when somebody logs out by themselves, in whichever tab; a login that runs out is none. Returns how to stop. */
export function onLogout(callback: () => void): () => void {
  return onStored((key, text) => {
    if (key === logoutKey && text !== null) {
      callback();
    }
  });
}
