import { useEffect, useRef, useState } from "react";
import { onStored } from "../../device/storage";
import { renameTab } from "../../device/tab";
import { onLogout } from "../../session/forgetDevice";
import type { Sent } from "./createOnce";
import type { Draft } from "./draft";
import { draftKey, findDraft, forgetDraft, forgetUnlessChanged, writeDraft, type StoredDraft } from "./storage";

export interface Start {
  draft: Draft;
  version: number | null;
}

/**
 * A draft that survives a reload, a lost connection and a login that expires: each change is kept on this device. A tab that
 * has none begins with the latest of another tab, and what it changes is its own.
 */
export function useDraft(id: string, userId: number, start: Start) {
  const [found] = useState(() => findDraft(id, userId));
  const [{ draft, version }, setState] = useState<Start>(found?.stored ?? start);
  const [restored, setRestored] = useState(found !== null);
  const [kept, setKept] = useState(true);
  const creation = useRef(found?.stored.sent);
  // What this tab has written, if it has.
  const written = useRef(found?.key === draftKey(id) ? found.stored : null);

  useEffect(
    () =>
      onStored((key, text) => {
        if (key !== draftKey(id) || !written.current) {
          return;
        }
        if (text !== null) {
          // The other tab is a duplicate of this one, with its name.
          renameTab();
        }
        // Or one that began with this draft has saved or discarded it. Here it is still open.
        writeDraft(id, written.current);
      }),
    [id],
  );
  // After the effect above, which would keep it: logging out removes drafts.
  useEffect(
    () =>
      onLogout(() => {
        written.current = null;
        forgetDraft(id);
      }),
    [id],
  );

  const write = (next: StoredDraft) => {
    written.current = next;
    setKept(writeDraft(id, next));
  };
  const change = (part: Partial<Draft>) => {
    const next = { draft: { ...draft, ...part }, version };
    setState(next);
    write({ ...next, userId, sent: creation.current });
  };
  const sent: Sent = {
    read: () => creation.current,
    write: (next) => {
      creation.current = next;
      // What is stored is the latest also if the page was left, and opened again, while it was being sent.
      const latest = findDraft(id, userId);
      write({ ...(latest?.key === draftKey(id) ? latest.stored : { draft, version, userId }), sent: next });
    },
  };
  /** For a draft that was saved or discarded. */
  const forget = () => {
    written.current = null;
    creation.current = undefined;
    forgetDraft(id);
    if (found) {
      forgetUnlessChanged(found);
    }
  };
  const startAgain = (from: Start) => {
    forget();
    setRestored(false);
    setState(from);
  };
  return { draft, version, restored, kept, sent, change, forget, startAgain };
}
