import { readItem, storedKeys, writeItem } from "../../device/storage";
import { tabId } from "../../device/tab";
import type { Creation } from "./createOnce";
import type { Draft } from "./draft";

/** A draft in this device's storage, until it is saved or discarded. Each tab writes its own. */
export interface StoredDraft {
  draft: Draft;
  /** The recipe version that the draft is based on; null for a new recipe. */
  version: number | null;
  /** The owner's user ID. Other users of this device do not see the draft. */
  userId: number;
  /** Time of the last change, in milliseconds; missing in drafts of earlier releases. */
  savedAt?: number;
  /** The same in a draft and in those that other tabs continued from it; missing in drafts of earlier releases. */
  lineage?: string;
  /** The create request that was sent for it. */
  sent?: Creation | undefined;
}

export interface FoundDraft {
  key: string;
  /** The stored text. */
  text: string;
  stored: StoredDraft;
}

/** Key of the previous release, which stored one draft for all tabs; `id` is the recipe's, or "new". */
const sharedKey = (id: string): string => `hankki.draft.${id}`;

export const draftKey = (id: string): string => `${sharedKey(id)}.${tabId()}`;

/** The drafts of all tabs, closed or open. */
function findDrafts(id: string, userId: number): FoundDraft[] {
  const keys = storedKeys().filter((key) => key === sharedKey(id) || key.startsWith(`${sharedKey(id)}.`));
  return keys.flatMap((key) => read(key) ?? []).filter(({ stored }) => stored.userId === userId);
}

/** The draft of this tab, otherwise the latest draft of any tab. */
export function findDraft(id: string, userId: number): FoundDraft | null {
  const found = findDrafts(id, userId);
  const own = found.find(({ key }) => key === draftKey(id));
  const [latest] = found.toSorted((one, other) => savedAt(other) - savedAt(one));
  return own ?? latest ?? null;
}

const savedAt = ({ stored }: FoundDraft): number => stored.savedAt ?? 0;

export const lineageOf = ({ key, stored }: FoundDraft): string => stored.lineage ?? key;

/**
 * The draft, the one that it continues, and so on, with all others that continue one of them. Without later ones: their text was
 * never shown in a tab that shows this draft.
 */
export const findLineage = (id: string, draft: FoundDraft): FoundDraft[] =>
  findDrafts(id, draft.stored.userId).filter((one) => lineageOf(one) === lineageOf(draft) && savedAt(one) <= savedAt(draft));

export const readDraft = (id: string, userId: number): StoredDraft | null => findDraft(id, userId)?.stored ?? null;

/** Returns whether the draft was stored: the storage may be full or disabled. */
export function writeDraft(id: string, stored: StoredDraft): boolean {
  return writeItem(draftKey(id), JSON.stringify({ ...stored, savedAt: Date.now() }));
}

export const forgetDraft = (id: string): void => void writeItem(draftKey(id), null);

/** Does nothing if the tab that wrote the draft has changed it since. */
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
    // A damaged draft, or one of an earlier release, is ignored.
    return null;
  }
}

function isStoredDraft(value: unknown): value is StoredDraft {
  const { draft, version, userId, lineage, sent } = (value ?? {}) as Partial<StoredDraft>;
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
    (lineage === undefined || typeof lineage === "string") &&
    (sent === undefined || (typeof sent.key === "string" && typeof sent.body === "object"))
  );
}
