import { readItem, storedKeys, writeItem } from "../../device/storage";
import { tabId } from "../../device/tab";
import type { Creation } from "./createOnce";
import type { Draft } from "./draft";

/** A draft as it is kept on this device until it is saved or discarded. Each tab writes one of its own. */
export interface StoredDraft {
  draft: Draft;
  /** The recipe's version that it was made from; null for a new recipe. */
  version: number | null;
  /** Whose it is: nobody else who uses this device sees it. */
  userId: number;
  /** When, in milliseconds; an earlier release did not say. */
  savedAt?: number;
  /** What of it was sent to be created. */
  sent?: Creation | undefined;
}

export interface FoundDraft {
  key: string;
  /** As it is stored. */
  text: string;
  stored: StoredDraft;
}

/** Of the release before, which kept one for all tabs; `id` is the recipe's, or "new". */
const sharedKey = (id: string): string => `hankki.draft.${id}`;

export const draftKey = (id: string): string => `${sharedKey(id)}.${tabId()}`;

/** The draft that this tab wrote or, if it has none, the latest one: of a tab that was closed, or of one that is open. */
export function findDraft(id: string, userId: number): FoundDraft | null {
  const keys = storedKeys().filter((key) => key === sharedKey(id) || key.startsWith(`${sharedKey(id)}.`));
  const found = keys.flatMap((key) => read(key) ?? []).filter(({ stored }) => stored.userId === userId);
  const own = found.find(({ key }) => key === draftKey(id));
  const [latest] = found.toSorted((one, other) => (other.stored.savedAt ?? 0) - (one.stored.savedAt ?? 0));
  return own ?? latest ?? null;
}

export const readDraft = (id: string, userId: number): StoredDraft | null => findDraft(id, userId)?.stored ?? null;

/** Whether it could be kept: the storage may be full or forbidden. */
export function writeDraft(id: string, stored: StoredDraft): boolean {
  return writeItem(draftKey(id), JSON.stringify({ ...stored, savedAt: Date.now() }));
}

export const forgetDraft = (id: string): void => void writeItem(draftKey(id), null);

/** Unless the tab that wrote it has gone on with it. */
export function forgetUnlessChanged({ key, text }: FoundDraft): void {
  if (readItem(key) === text) {
    writeItem(key, null);
  }
}

function read(key: string): FoundDraft | null {
  const text = readItem(key) ?? "null";
  try {
    const stored: unknown = JSON.parse(text);
    return isStoredDraft(stored) ? { key, text, stored } : null;
  } catch {
    // Damaged, or of an earlier release: as if there were none.
    return null;
  }
}

function isStoredDraft(value: unknown): value is StoredDraft {
  const { draft, version, userId, sent } = (value ?? {}) as Partial<StoredDraft>;
  const texts = [draft?.title, draft?.summary, draft?.servings, draft?.cookMinutes, draft?.tags];
  return (
    texts.every((text) => typeof text === "string") &&
    Array.isArray(draft?.lines) &&
    draft.lines.every(
      ({ key, typed, ingredient, quantity, unit }) =>
        Number.isInteger(key) &&
        [typed, quantity, unit].every((text) => typeof text === "string") &&
        (ingredient === null || (Number.isInteger(ingredient.id) && typeof ingredient.unit === "string")),
    ) &&
    Array.isArray(draft.steps) &&
    draft.steps.every(({ key, text }) => Number.isInteger(key) && typeof text === "string") &&
    (version === null || Number.isInteger(version)) &&
    userId !== undefined &&
    (sent === undefined || (typeof sent.key === "string" && typeof sent.body === "object"))
  );
}
