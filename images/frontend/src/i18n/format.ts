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

/** A difference in won, with its sign. */
export const formatChange = (won: number, locale: Locale): string => `${won < 0 ? "−" : "+"}${formatWon(Math.abs(won), locale)}`;

/** 0.004 kg is shown as 4 g. */
const smallerUnits: Readonly<Record<string, string>> = { kg: "g", l: "ml" };

const exactNumbers: Record<Locale, Intl.NumberFormat> = {
  ko: new Intl.NumberFormat("ko-KR", { maximumFractionDigits: 3 }),
  en: new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 }),
};

const smallNumbers: Record<Locale, Intl.NumberFormat> = {
  ko: new Intl.NumberFormat("ko-KR", { maximumSignificantDigits: 1 }),
  en: new Intl.NumberFormat("en-US", { maximumSignificantDigits: 1 }),
};

/** A number with up to three decimals unchanged; any other rounded to two, but never to 0. */
export function numberFor(quantity: number, locale: Locale): string {
  const thousandths = quantity * 1000;
  if (Math.abs(thousandths - Math.round(thousandths)) < 1e-6) {
    return exactNumbers[locale].format(quantity);
  }
  return (quantity < 0.01 ? smallNumbers : numbers)[locale].format(quantity);
}

/** A quantity with the unit's name in the reader's language (see Dictionary.units). */
export function formatQuantity(quantity: number, unit: string, locale: Locale, units: Readonly<Record<string, string>>): string {
  if (unit === "little") {
    return units[unit] ?? unit;
  }
  const smaller = quantity < 0.1 ? smallerUnits[unit] : undefined;
  if (smaller !== undefined && quantity > 0) {
    return formatQuantity(Number((quantity * 1000).toPrecision(12)), smaller, locale, units);
  }
  const number = numberFor(quantity, locale);
  const name = units[unit] ?? unit;
  // A space precedes symbols (300 g) but not Korean counters (2개).
  return /^[A-Za-z]/u.test(name) ? `${number} ${name}` : `${number}${name}`;
}

/** The amount to buy: a quantity, "a little", or both. */
export function formatWanted(
  { quantity, unit, aLittle = false }: { quantity: number; unit: string; aLittle?: boolean | undefined },
  locale: Locale,
  units: Readonly<Record<string, string>>,
): string {
  const little = aLittle ? [formatQuantity(0, "little", locale, units)] : [];
  return quantity === 0 && aLittle ? little.join("") : [formatQuantity(quantity, unit, locale, units), ...little].join(" + ");
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
