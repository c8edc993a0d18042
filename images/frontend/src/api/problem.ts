import { isAxiosError, isCancel } from "axios";

/** Why a request failed, in the terms the pages tell it in. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    message: string,
    /** Messages by field name, from the problem document. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Turns whatever a request threw into an ApiError; a cancelled request stays as it is. */
export function toApiError(error: unknown): unknown {
  if (isCancel(error) || error instanceof ApiError || !isAxiosError(error)) {
    return error;
  }
  if (!error.response) {
    return new ApiError(0, error.message);
  }
  const problem: unknown = error.response.data;
  const detail = text(problem, "detail") ?? text(problem, "title") ?? error.message;
  return new ApiError(error.response.status, detail, fieldErrors(problem));
}

/** RFC 9457's `errors` extension: [{pointer: "#/email", detail: "…"}]. */
function fieldErrors(problem: unknown): Record<string, string> {
  const errors = member(problem, "errors");
  const fields: Record<string, string> = {};
  for (const entry of Array.isArray(errors) ? errors : []) {
    const name = text(entry, "pointer")?.split("/").at(-1);
    const detail = text(entry, "detail");
    if (name && detail) {
      fields[name] ??= detail;
    }
  }
  return fields;
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function text(value: unknown, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === "string" && found !== "" ? found : undefined;
}
