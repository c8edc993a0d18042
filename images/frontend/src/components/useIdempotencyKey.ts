import { useRef } from "react";
import { randomId } from "../device/randomId";

/** Keys for what a form creates: the same while the same is sent again, until `done` says that it is there. */
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
