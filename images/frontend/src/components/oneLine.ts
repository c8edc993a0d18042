/**
 * Text that the API accepts. It refuses control characters, so a pasted tab or a lone surrogate becomes a space. Invisible text
 * becomes empty.
 */
export const oneLine = (text: string): string => ifSeen(text.replaceAll(/\s*[\p{Cc}\p{Cs}]+\s*/gu, " ").trim());

/** Invisible: white space, fillers (U+3164 and others, U+2800), joiners, and accents without a letter. */
const ifSeen = (text: string): string => (/[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text) ? text : "");

/** Text of several lines, each normalized by oneLine. Several empty lines become one. */
export const paragraphs = (text: string): string =>
  text
    .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u)
    .map(oneLine)
    .join("\n")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .trim();
