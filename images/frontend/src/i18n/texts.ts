export type Locale = "ko" | "en";

export type Texts<T> = Record<Locale, T>;

/** An area's texts in both languages. Korean, the site's main language, defines the keys. */
export function defineTexts<T extends object>(texts: { ko: T; en: NoInfer<T> }): Texts<T> {
  return texts;
}
