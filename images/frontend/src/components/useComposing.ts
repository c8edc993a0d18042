import { useState } from "react";

/** Whether an input method is composing a syllable in an input, and the handlers for the input. */
export function useComposing() {
  const [composing, setComposing] = useState(false);
  return {
    composing,
    handlers: { onCompositionStart: () => setComposing(true), onCompositionEnd: () => setComposing(false) },
  };
}
