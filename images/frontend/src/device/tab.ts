import { randomId } from "./randomId";

const key = "hankki.tab";
/** For browsers without site data: good until a reload. */
let unsaved: string | undefined;

/** A name of this tab that outlives a reload. Browsers give a tab that is duplicated the same one: see renameTab. */
export function tabId(): string {
  try {
    return sessionStorage.getItem(key) ?? unsaved ?? renameTab();
  } catch {
    return unsaved ?? renameTab();
  }
}

/** Takes another name. */
export function renameTab(): string {
  unsaved = randomId();
  try {
    sessionStorage.setItem(key, unsaved);
  } catch {
    // It stays in memory.
  }
  return unsaved;
}
