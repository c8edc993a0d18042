import type { Locale } from "./texts";

const numbers: Record<Locale, Intl.NumberFormat> = {
  ko: new Intl.NumberFormat("ko-KR", { maximumFractionDigits: 2 }),
  en: new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 }),
};

const englishWon = new Intl.NumberFormat("en-US", { style: "currency", currency: "KRW" });

/** Koreans write 3,200원; Intl's currency style would give ₩3,200 in both languages. */
export function formatWon(won: number, locale: Locale): string {
  return locale === "ko" ? `${numbers.ko.format(Math.round(won))}원` : englishWon.format(won);
}

/** A quantity with the unit's name in the reader's language (see Dictionary.units). */
export function formatQuantity(quantity: number, unit: string, locale: Locale, units: Readonly<Record<string, string>>): string {
  const number = numbers[locale].format(quantity);
  const name = units[unit] ?? unit;
  // Symbols stand apart from the number (300 g), Korean counters do not (2개).
  return /^[A-Za-z]/u.test(name) ? `${number} ${name}` : `${number}${name}`;
}

const dates: Record<Locale, Intl.DateTimeFormat> = {
  ko: new Intl.DateTimeFormat("ko-KR", { dateStyle: "medium" }),
  en: new Intl.DateTimeFormat("en-US", { dateStyle: "medium" }),
};

export function formatDate(at: string, locale: Locale): string {
  return dates[locale].format(new Date(at));
}

const shares: Record<Locale, Intl.NumberFormat> = {
  ko: new Intl.NumberFormat("ko-KR", { style: "percent" }),
  en: new Intl.NumberFormat("en-US", { style: "percent" }),
};

/** A part of a whole, 0 to 1. */
export function formatShare(part: number, locale: Locale): string {
  return shares[locale].format(part);
}
