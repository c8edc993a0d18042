import { useEffect, useState } from "react";
import { onLogout } from "../../session/forgetDevice";
import type { Draft } from "./draft";
import { forgetDraft, readDraft, writeDraft } from "./storage";

export interface Start {
  draft: Draft;
  version: number | null;
}

/** A draft that survives a reload, a lost connection and a login that expires: each change is kept on this device. */
export function useDraft(id: string, userId: number, start: Start) {
  const [stored] = useState(() => readDraft(id, userId));
  const [{ draft, version }, setState] = useState<Start>(stored ?? start);
  const [restored, setRestored] = useState(stored !== null);
  const [kept, setKept] = useState(true);

  // A last keystroke may have been kept since another tab removed the draft.
  useEffect(() => onLogout(() => forgetDraft(id)), [id]);

  const change = (part: Partial<Draft>) => {
    const next = { draft: { ...draft, ...part }, version };
    setState(next);
    setKept(writeDraft(id, { ...next, userId }));
  };
  const startAgain = (from: Start) => {
    forgetDraft(id);
    setRestored(false);
    setState(from);
  };
  return { draft, version, restored, kept, change, startAgain };
}
