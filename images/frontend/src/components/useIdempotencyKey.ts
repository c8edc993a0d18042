import { useRef } from "react";
import { randomId } from "../device/randomId";

/** Idempotency keys of a form: equal requests have the same key until `done` reports that the object was created. */
export function useIdempotencyKey() {
  const last = useRef<{ sent: string; key: string }>(undefined);
  const keyOf = (content: unknown): string => {
    const sent = JSON.stringify(content);
    if (last.current?.sent !== sent) {
      last.current = { sent, key: randomId() };
    }
    return last.current.key;
  };
  const done = () => {
    last.current = undefined;
  };
  return { keyOf, done };
}
