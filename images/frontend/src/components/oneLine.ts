/** Text as the API takes it, which refuses control characters: a tab that was pasted, or half an emoji, becomes a space. */
export const oneLine = (text: string): string => text.replaceAll(/\s*[\p{Cc}\p{Cs}]+\s*/gu, " ").trim();
