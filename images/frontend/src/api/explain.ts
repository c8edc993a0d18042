import type { Dictionary } from "../i18n";
import { ApiError } from "./problem";

/** A failure in the user's language. Problem documents are for developers, so only an unknown one is quoted. */
export function explain(error: unknown, t: Dictionary): string {
  if (!(error instanceof ApiError)) {
    return t.error.unexpected;
  }
  if (error.status === 0) {
    return t.error.offline;
  }
  if (error.status === 401) {
    return t.error.loginEnded;
  }
  if (error.status === 429) {
    return t.error.tooMany(error.retryAfter === undefined ? t.error.aLittle : explainWait(error.retryAfter, t));
  }
  if (error.status >= 500) {
    return t.error.unavailable;
  }
  return `${t.error.unexpected} (${t.error.serverSaid}: ${error.message})`;
}

/** Rounded up, so that a retry after this time is not refused again. */
function explainWait(seconds: number, t: Dictionary): string {
  return seconds < 60 ? t.error.seconds(Math.max(1, seconds)) : t.error.minutes(Math.ceil(seconds / 60));
}
