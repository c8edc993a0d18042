import { randomId } from "./randomId";

const key = "hankki.tab";
/** For browsers that block site data: valid until a reload. */
let unsaved: string | undefined;

/** A name of this tab that survives a reload. A duplicated tab has the same name: see renameTab. */
export function tabId(): string {
  try {
    return sessionStorage.getItem(key) ?? unsaved ?? renameTab();
  } catch {
    return unsaved ?? renameTab();
  }
}

/** Gives this tab a new name. */
export function renameTab(): string {
  unsaved = randomId();
  try {
    sessionStorage.setItem(key, unsaved);
  } catch {
    // The name stays in memory.
  }
  return unsaved;
}
