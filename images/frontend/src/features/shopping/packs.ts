import type { ShoppingItem } from "../../api/shopping";
import { formatQuantity, formatWon } from "../../i18n/format";
import type { Locale } from "../../i18n/texts";

interface Words {
  pack: (won: string, quantity: string) => string;
  packs: (pack: string, count: string, won: string) => string;
}

/** The packs to buy for an item; undefined if the API does not return them. */
export function packsOf({ price, per, packs = 0, unit }: ShoppingItem, locale: Locale, units: Readonly<Record<string, string>>, words: Words): string | undefined {
  if (price === undefined || per === undefined) {
    return undefined;
  }
  const pack = words.pack(formatWon(price, locale), formatQuantity(per, unit, locale, units));
  return packs > 1 ? words.packs(pack, packs.toLocaleString(locale), formatWon(packs * price, locale)) : pack;
}
