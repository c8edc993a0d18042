import { atom, useAtom, useAtomValue } from "jotai";
import { useEffect } from "react";
import { storedAtom } from "../device/storedAtom";
import { commonTexts } from "./common";
import { recipesTexts } from "./recipes";
import type { Locale, Texts } from "./texts";

export type { Locale } from "./texts";

/** The texts of the first page. Other areas' texts are loaded with their page: see useTexts. */
const dictionaries = {
  ko: { ...commonTexts.ko, ...recipesTexts.ko },
  en: { ...commonTexts.en, ...recipesTexts.en },
} satisfies Texts<object>;

export type Dictionary = (typeof dictionaries)["ko"];

export const localeKey = "hankki.locale";

const isLocale = (value: unknown): value is Locale => value === "ko" || value === "en";

/** The language of the switch; null: the browser's languages apply. */
const chosenAtom = storedAtom(localeKey, (stored): Locale | null => (isLocale(stored) ? stored : null));

/** The current language: the chosen one, else the first of the browser's languages that the site has. */
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

/** Updates <html lang>, which screen readers and hyphenation use. */
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
