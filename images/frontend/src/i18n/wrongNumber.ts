import { readNumber } from "../components/numbers";
import type { Dictionary } from ".";

/** What to say of a number that is not taken: why it can't be read, or else which ones are. */
export const wrongNumber = (typed: string, limits: string, t: Dictionary): string =>
  readNumber(typed).problem === "comma" ? t.error.comma : limits;
