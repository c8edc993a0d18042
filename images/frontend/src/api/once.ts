import type { AxiosRequestConfig } from "axios";
import { ApiError } from "./problem";

/** For a request that creates: sent again with the same key, as after a lost answer, it creates nothing more. */
export const once = (key: string): AxiosRequestConfig => ({ headers: { "Idempotency-Key": key } });

/** Whether nothing was created, and will not be by the same request: not so after a lost answer or an outage. */
export const isRefused = (error: unknown): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && ![401, 408, 429].includes(error.status);
