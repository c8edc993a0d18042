import { useRef } from "react";
import { isRefused } from "../api/once";
import { randomId } from "../device/randomId";

/** Idempotency keys of a form: equal requests have the same key until one of them succeeds or is certainly refused. */
export function useIdempotencyKey() {
  const last = useRef<{ sent: string; key: string }>(undefined);
  /** Calls `request` with the key of this content, and returns its response or throws its error. */
  return async <T>(content: unknown, request: (key: string) => Promise<T>): Promise<T> => {
    const sent = JSON.stringify(content);
    const { key } = last.current?.sent === sent ? last.current : { key: randomId() };
    last.current = { sent, key };
    try {
      const created = await request(key);
      last.current = undefined;
      return created;
    } catch (error) {
      if (isRefused(error)) {
        last.current = undefined;
      }
      throw error;
    }
  };
}
