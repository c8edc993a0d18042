import { useEffect, useRef, useState } from "react";
import { randomId } from "../../device/randomId";
import { onStored } from "../../device/storage";
import { renameTab } from "../../device/tab";
import { onLogout } from "../../session/forgetDevice";
import type { Sent } from "./createOnce";
import type { Draft } from "./draft";
import { draftKey, findDraft, findLineage, forgetDraft, forgetUnlessChanged, lineageOf, writeDraft, type StoredDraft } from "./storage";

export interface Start {
  draft: Draft;
  version: number | null;
}

/**
 * A draft that survives a reload, a lost connection and an expired login: each change is stored on this device. A tab without a
 * draft starts with the latest draft of another tab, and stores its changes as its own draft.
 */
export function useDraft(id: string, userId: number, start: Start) {
  const [found] = useState(() => findDraft(id, userId));
  // Other tabs may continue with these. Then their drafts change.
  const [related] = useState(() => (found ? findLineage(id, found) : []));
  const lineage = useRef(found ? lineageOf(found) : randomId());
  const [{ draft, version }, setState] = useState<Start>(found?.stored ?? start);
  const [restored, setRestored] = useState(found !== null);
  const [kept, setKept] = useState(true);
  const creation = useRef(found?.stored.sent);
  // The draft that this tab wrote, if any.
  const written = useRef(found?.key === draftKey(id) ? found.stored : null);

  useEffect(
    () =>
      onStored((key, text) => {
        if (key !== draftKey(id) || !written.current) {
          return;
        }
        if (text !== null) {
          // The other tab is a duplicate of this one and has the same name.
          renameTab();
        }
        // A tab that started with this draft may have saved or discarded it. It is still open here.
        writeDraft(id, written.current);
      }),
    [id],
  );
  // Runs after the effect above, which would store the draft again: logging out removes drafts.
  useEffect(
    () =>
      onLogout(() => {
        written.current = null;
        forgetDraft(id);
      }),
    [id],
  );

  const write = (next: StoredDraft) => {
    written.current = { ...next, lineage: lineage.current };
    setKept(writeDraft(id, written.current));
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
      // The stored draft is the latest, even if the page was closed and opened again during the request.
      const latest = findDraft(id, userId);
      write({ ...(latest?.key === draftKey(id) ? latest.stored : { draft, version, userId }), sent: next });
    },
  };
  /** Removes a draft that was saved or discarded, with those of its lineage that were not later when the page was opened. */
  const forget = () => {
    written.current = null;
    creation.current = undefined;
    lineage.current = randomId();
    forgetDraft(id);
    related.forEach(forgetUnlessChanged);
  };
  const startAgain = (from: Start) => {
    forget();
    setRestored(false);
    setState(from);
  };
  return { draft, version, restored, kept, sent, change, forget, startAgain };
}
