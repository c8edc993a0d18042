import { isAxiosError, isCancel } from "axios";

const typePrefix = "urn:hankki:problem:";

interface Details {
  /** Messages by the field's path in the body, such as "email" or "steps/0", from the problem document. */
  fields?: Readonly<Record<string, string>>;
  /** Name of the problem, such as "recipe-changed": the end of the document's `type`. */
  problem?: string | undefined;
  /** Seconds to wait, if the API sent Retry-After. */
  retryAfter?: number | undefined;
}

/** The cause of a failed request, in the terms of the pages. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly fields: Readonly<Record<string, string>>;
  readonly problem: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    /** HTTP status; 0 without a response. */
    readonly status: number,
    message: string,
    { fields = {}, problem, retryAfter }: Details = {},
  ) {
    super(message);
    this.fields = fields;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The requested object does not exist, or no longer. */
export const isGone = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** For a deletion: an object that the API does not find is a success, as when the response of an earlier request was lost. */
export async function ignoreGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof ApiError && error.problem?.endsWith("-not-found"))) {
      throw error;
    }
  }
}

/** Converts any error of a request to an ApiError; the error of a cancelled request is unchanged. */
export function toApiError(error: unknown): unknown {
  if (isCancel(error) || error instanceof ApiError || !isAxiosError(error)) {
    return error;
  }
  if (!error.response) {
    return new ApiError(0, error.message);
  }
  const { status, data, headers } = error.response as { status: number; data: unknown; headers: Record<string, unknown> };
  const type = text(data, "type");
  return new ApiError(status, text(data, "detail") ?? text(data, "title") ?? error.message, {
    fields: fieldErrors(data),
    problem: type?.startsWith(typePrefix) ? type.slice(typePrefix.length) : undefined,
    retryAfter: seconds(headers["retry-after"]),
  });
}

/** RFC 9457's `errors` extension: [{pointer: "#/email", detail: "…"}]. */
function fieldErrors(problem: unknown): Record<string, string> {
  const errors = member(problem, "errors");
  const fields: Record<string, string> = {};
  for (const entry of Array.isArray(errors) ? errors : []) {
    const path = text(entry, "pointer")?.replace(/^#\//u, "");
    const detail = text(entry, "detail");
    if (path && detail) {
      fields[path] ??= detail;
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

function seconds(header: unknown): number | undefined {
  return typeof header === "string" && /^\d+$/u.test(header) ? Number(header) : undefined;
}
