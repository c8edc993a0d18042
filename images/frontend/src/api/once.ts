import type { AxiosRequestConfig } from "axios";
import { ApiError } from "./problem";

/** For a request that creates an object: a repetition with the same key, as after a lost response, creates no second one. */
export const once = (key: string): AxiosRequestConfig => ({ headers: { "Idempotency-Key": key } });

/** Whether the API certainly created nothing: false after a lost response or an outage. */
export const isRefused = (error: unknown): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && ![401, 408, 429].includes(error.status);
