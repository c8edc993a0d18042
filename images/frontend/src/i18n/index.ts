import { useAtom, useAtomValue } from "jotai";
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

export const localeAtom = storedAtom(localeKey, (stored): Locale => (stored === "en" ? "en" : "ko"));

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
