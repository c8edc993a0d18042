import { localeKey } from "../i18n";
import { themeKey } from "../styles/theme";

/** Of whoever uses the device, not of the account. */
const kept = new Set([localeKey, themeKey]);

/** Set for a moment when somebody logs out: the storage events of it are what the tabs tell each other by. */
export const logoutKey = "hankki.logout";

/**
 * Removes what the site stored on this device. Only for those who log out by themselves: when a login runs out,
 * drafts stay. Atoms in this tab follow storage events, which browsers send to the other tabs only.
 */
export function forgetDevice(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith("hankki.") && !kept.has(key));
  for (const key of keys) {
    localStorage.removeItem(key);
    tellThisTab(key, null);
  }
  localStorage.setItem(logoutKey, "now");
  localStorage.removeItem(logoutKey);
  tellThisTab(logoutKey, "now");
}

/** Calls back when somebody logs out by themselves, in whichever tab; a login that runs out is none. Returns how to stop. */
export function onLogout(callback: () => void): () => void {
  const listen = ({ key, newValue }: StorageEvent) => {
    if (key === logoutKey && newValue !== null) {
      callback();
    }
  };
  window.addEventListener("storage", listen);
  return () => window.removeEventListener("storage", listen);
}

function tellThisTab(key: string, newValue: string | null): void {
  window.dispatchEvent(new StorageEvent("storage", { key, newValue, storageArea: localStorage }));
}
