import { useState } from "react";

/** Whether an input method is composing a syllable in an input: its handlers, and the answer. */
export function useComposing() {
  const [composing, setComposing] = useState(false);
  return {
    composing,
    handlers: { onCompositionStart: () => setComposing(true), onCompositionEnd: () => setComposing(false) },
  };
}
