import { readNumber } from "../components/numbers";
import type { Dictionary } from ".";

/** The message for an invalid number: why it is ambiguous, otherwise the valid range. */
export const wrongNumber = (typed: string, limits: string, t: Dictionary): string =>
  readNumber(typed).problem === "comma" ? t.error.comma : limits;
