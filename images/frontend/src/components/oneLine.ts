/**
 * Text as the API takes it, which refuses control characters: a tab that was pasted, or half an emoji, becomes a space.
 * Text of which nothing would be seen is empty.
 */
export const oneLine = (text: string): string => ifSeen(text.replaceAll(/\s*[\p{Cc}\p{Cs}]+\s*/gu, " ").trim());

/** White space, fillers (U+3164 and others, U+2800), joiners, and accents without a letter are not seen. */
const ifSeen = (text: string): string => (/[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text) ? text : "");
