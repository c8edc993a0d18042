/**
 * Text as the API takes it, which refuses control characters: a tab that was pasted, or half an emoji, becomes a space.
 * Text of which nothing would be seen is empty.
 */
export const oneLine = (text: string): string => ifSeen(text.replaceAll(/\s*[\p{Cc}\p{Cs}]+\s*/gu, " ").trim());

/** White space, fillers (U+3164 and others, U+2800), joiners, and accents without a letter are not seen. */
const ifSeen = (text: string): string => (/[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text) ? text : "");

/** Text of several lines, each as oneLine has it: ends of lines are kept, and of empty lines one. */
export const paragraphs = (text: string): string =>
  text
    .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u)
    .map(oneLine)
    .join("\n")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .trim();
