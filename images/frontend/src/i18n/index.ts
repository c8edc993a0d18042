import { useAtom, useAtomValue } from "jotai";
import { atomWithStorage } from "jotai/utils";
import { useEffect } from "react";
import { en } from "./en";
import { ko, type Dictionary } from "./ko";

export type Locale = "ko" | "en";

const dictionaries: Record<Locale, Dictionary> = { ko, en };

export const localeAtom = atomWithStorage<Locale>("hankki.locale", "ko", undefined, { getOnInit: true });

export interface Translation {
  locale: Locale;
  t: Dictionary;
}

export function useTranslation(): Translation {
  const stored = useAtomValue(localeAtom);
  const locale = stored in dictionaries ? stored : "ko";
  return { locale, t: dictionaries[locale] };
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
