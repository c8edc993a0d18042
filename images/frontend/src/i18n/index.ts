import { atom, useAtom, useAtomValue } from "jotai";
import { useEffect } from "react";
import { storedAtom } from "../device/storedAtom";
import { commonTexts } from "./common";
import { recipesTexts } from "./recipes";
import type { Locale, Texts } from "./texts";

export type { Locale } from "./texts";

/** What the first page needs. The other areas' texts come with the page that asks for them: see useTexts. */
const dictionaries = {
  ko: { ...commonTexts.ko, ...recipesTexts.ko },
  en: { ...commonTexts.en, ...recipesTexts.en },
} satisfies Texts<object>;

export type Dictionary = (typeof dictionaries)["ko"];

export const localeKey = "hankki.locale";

const isLocale = (value: unknown): value is Locale => value === "ko" || value === "en";

/** What was chosen by the switch; null as long as the browser's own languages are followed. */
const chosenAtom = storedAtom(localeKey, (stored): Locale | null => (isLocale(stored) ? stored : null));

/** The language that is shown: what was chosen, else the first of the browser's languages that the site speaks. */
export const localeAtom = atom(
  (get): Locale => get(chosenAtom) ?? browserLocale(),
  (_, set, locale: Locale) => set(chosenAtom, locale),
);

/** A reader of neither language is more likely to read English. */
function browserLocale(): Locale {
  const primary = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
  return primary.find(isLocale) ?? "en";
}

export interface Translation {
  locale: Locale;
  t: Dictionary;
}

export function useTranslation(): Translation {
  const locale = useAtomValue(localeAtom);
  return { locale, t: dictionaries[locale] };
}

/** The texts of one area (src/i18n/<area>.ts), which are loaded with the page that imports them. */
export function useTexts<T>(area: Texts<T>): T {
  return area[useTranslation().locale];
}

/** Keeps <html lang> true, which screen readers and hyphenation go by. */
export function useDocumentLanguage(): void {
  const { locale } = useTranslation();
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
}

export function useLocaleSwitch(): () => void {
  const [locale, setLocale] = useAtom(localeAtom);
  return () => setLocale(locale === "ko" ? "en" : "ko");
}
