import { readItem, writeItem } from "../../device/storage";
import type { Draft } from "./draft";

/** A draft as it is kept on this device until it is saved or discarded. */
export interface StoredDraft {
  draft: Draft;
  /** The recipe's version that it was made from; null for a new recipe. */
  version: number | null;
  /** Whose it is: nobody else who uses this device sees it. */
  userId: number;
}

const prefix = "hankki.draft.";

/** `id` is the recipe's, or "new". */
export function readDraft(id: string, userId: number): StoredDraft | null {
  try {
    const stored: unknown = JSON.parse(readItem(prefix + id) ?? "null");
    return isStoredDraft(stored) && stored.userId === userId ? stored : null;
  } catch {
    // Damaged, or of an earlier release: as if there were none.
    return null;
  }
}

/** Whether it could be kept: the storage may be full or forbidden. */
export function writeDraft(id: string, stored: StoredDraft): boolean {
  return writeItem(prefix + id, JSON.stringify(stored));
}

export const forgetDraft = (id: string): void => void writeItem(prefix + id, null);

function isStoredDraft(value: unknown): value is StoredDraft {
  const { draft, version, userId } = (value ?? {}) as Partial<StoredDraft>;
  const texts = [draft?.title, draft?.summary, draft?.servings, draft?.cookMinutes, draft?.tags];
  return (
    texts.every((text) => typeof text === "string") &&
    Array.isArray(draft?.lines) &&
    draft.lines.every(({ key, typed, quantity, unit }) => Number.isInteger(key) && [typed, quantity, unit].every((text) => typeof text === "string")) &&
    Array.isArray(draft.steps) &&
    draft.steps.every(({ key, text }) => Number.isInteger(key) && typeof text === "string") &&
    (version === null || Number.isInteger(version)) &&
    userId !== undefined
  );
}
