import { exactNumberOf, readNumber } from "../components/numbers";
import type { Dictionary } from ".";

/**
 * The message for an invalid number: why it is ambiguous, or why it is not read and the valid range, or only the range.
 * `places` is the number of decimals that the field accepts.
 */
export function wrongNumber(typed: string, limits: string, t: Pick<Dictionary, "error">, places: 0 | 3 = 0): string {
  const unsigned = typed.replace(/^\s*[-−–]/u, "");
  if (unsigned.trim() === "") {
    return limits;
  }
  const { problem } = readNumber(unsigned);
  if (problem === "comma") {
    return t.error.comma;
  }
  if (problem === "malformed") {
    return `${t.error.malformed} ${limits}`;
  }
  const exact = exactNumberOf(unsigned);
  return places === 3 && Number(exact.toFixed(3)) !== exact ? `${t.error.decimals} ${limits}` : limits;
}
