/** A number as people write it, or the reason why it is ambiguous. */
export type ReadNumber = { value: number; problem?: undefined } | { value?: undefined; problem: "comma" | "malformed" };

/** Between a whole number and its fraction: 1 1/2, 1과 1/2, 2와 1/2, 1 + 1/2, 1 and 1/2. */
const and = " ?(?:\\+|과|와|and) ?| ";
const vulgar = "[\\u00bc-\\u00be\\u2150-\\u215e]";

/** The pattern of a number in a text: 1 1/2, 1과 1/2, 1/2, 1½, ½, 1,000 or .5. */
export const written = `\\d+(?:${and})\\d+ ?[/⁄] ?\\d+|\\d+ ?[/⁄] ?\\d+|\\d+(?:${and})?${vulgar}|${vulgar}|\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d*\\.?\\d+`;

/** In NFC, with digits, letters and marks of full width, units, and fractions of small digits in ASCII: ２／３Ｔ is 2/3T, ㎖ is ml, 1¹⁄₂ is 1 1⁄2. */
export const inAscii = (text: string): string =>
  text.normalize("NFC").replaceAll(/[\u2113\u3380-\u33df\uff08-\uff1a\uff21-\uff3a\uff3b\uff3d\uff41-\uff5e]/gu, ascii).replaceAll(/[\u00b2\u00b3\u00b9\u2070-\u2079]+ ?[\u2044/] ?[\u2080-\u2089]+/gu, (small) => ` ${ascii(small)}`);

const ascii = (text: string): string => text.normalize("NFKC");

/** What is between a whole number and its fraction, for `replaceAll`. */
export const joint = new RegExp(`(?<=\\d)(?:${and})(?=\\d+ ?[/⁄]|${vulgar})`, "gu");

const decimal = String.raw`(?:\d+\.?\d*|\.\d+)`;

/**
 * Reads 1/2, 1 1/2, 1과 1/2, ½, .5, 4,900, ４９００, 4,900원, ₩4,900, KRW 4,900, 1만, 1만 5천 and 5백. A fraction is rounded to three decimals,
 * the API's precision. 0,5 is ambiguous: a comma may separate thousands or decimals.
 */
export function readNumber(typed: string): ReadNumber {
  const plain = plainOf(typed);
  if (plain.includes(",")) {
    return { problem: "comma" };
  }
  const exact = fraction(plain);
  const value = exact === undefined ? korean(plain) : Math.round(exact * 1000) / 1000;
  return value === undefined || !Number.isFinite(value) ? { problem: "malformed" } : { value };
}

/** The written number, or NaN. */
export const numberOf = (typed: string): number => readNumber(typed).value ?? Number.NaN;

/** The written number with its fraction unrounded, or NaN. */
export const exactNumberOf = (typed: string): number => fraction(plainOf(typed)) ?? numberOf(typed);

/** The text in ASCII, without a currency and without commas between thousands. */
function plainOf(typed: string): string {
  // ½ is 1⁄2 for Unicode, and 1½ would be 11⁄2.
  const text = inAscii(typed)
    .replaceAll(/\s+/gu, " ")
    .replaceAll(joint, " ")
    .replaceAll(/[\u00b2\u00b3\u00b9\u2070-\u2089]/gu, "^") // 5² is not 52
    .replaceAll(new RegExp(vulgar, "gu"), " $& ")
    .normalize("NFKC")
    .replaceAll("\u2044", "/")
    .replaceAll(/[\p{Cf}\u3164\u1160]/gu, "")
    .replaceAll(/\s+/gu, " ")
    .trim()
    .replace(/^(?:₩|krw|won) ?/iu, "")
    .replace(/ ?(?:원|won|krw|₩)$/iu, "");
  return text.replaceAll(/(?<![\d,.])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])/gu, (digits) => digits.replaceAll(",", ""));
}

function fraction(text: string): number | undefined {
  const [, whole = "0", top, bottom] = /^(?:(\d+) )?(\d+) ?\/ ?(\d+)$/u.exec(text) ?? [];
  if (top === undefined || Number(bottom) === 0) {
    return undefined;
  }
  return Number(whole) + Number(top) / Number(bottom);
}

/** Also 1만 5천 3백: tens of thousands, thousands, hundreds, and the rest. */
const korean = (text: string): number | undefined => {
  const [whole, ...counts] = new RegExp(`^${["만", "천", "백"].map((power) => `(?:(${decimal}) ?${power})? ?`).join("")}(${decimal})?$`, "u").exec(text) ?? [];
  if (!whole) {
    return undefined;
  }
  const [tenThousands, thousands, hundreds, rest] = counts.map((count = "0") => Number(count)) as [number, number, number, number];
  // Rounded to the written decimals: 0.1 + 0.2 has a binary error.
  return Math.round((tenThousands * 10_000 + thousands * 1000 + hundreds * 100) * 1000) / 1000 + rest;
};
