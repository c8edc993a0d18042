import type { ShoppingItem, ShoppingList } from "../../api/shopping";
import { formatWanted, formatWon } from "../../i18n/format";
import type { Locale } from "../../i18n/texts";
import { byAisle } from "./aisles";
import { packsOf } from "./packs";

interface Words {
  title: string;
  total: string;
  servings: (n: number) => string;
  units: Readonly<Record<string, string>>;
  packsTotal: string;
  pack: (won: string, quantity: string) => string;
  packs: (pack: string, count: string, won: string) => string;
  aisles: Readonly<Record<string, string>>;
  noAisle: string;
}

/** The list as text, for a message. */
export function listAsText(list: ShoppingList, locale: Locale, words: Words): string {
  const aisles = byAisle(list.items, words.aisles);
  const lineOf = (item: ShoppingItem) => {
    const packs = packsOf(item, locale, words.units, words);
    return `- ${item.name} ${formatWanted(item, locale, words.units)}, ${formatWon(item.cost, locale)}${packs ? ` (${packs})` : ""}`;
  };
  return [
    words.title,
    ...list.recipes.map(({ title, servings }) => `· ${title} (${words.servings(servings)})`),
    ...aisles.map(({ name, items }) => {
      const heading = name === undefined && aisles.length === 1 ? "" : `[${name ?? words.noAisle}]\n`;
      return `\n${heading}${items.map(lineOf).join("\n")}`;
    }),
    "",
    `${words.total} ${formatWon(list.total, locale)}`,
    ...(list.packsTotal === undefined ? [] : [`${words.packsTotal} ${formatWon(list.packsTotal, locale)}`]),
  ].join("\n");
}

/** The Clipboard API requires https or localhost; otherwise document.execCommand copies the text. */
export async function copy(text: string): Promise<boolean> {
  if (window.isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused by the user or the browser: execCommand may still work.
    }
  }
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "visually-hidden";
  document.body.append(area);
  area.focus();
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) {
      focused.focus();
    }
  }
}
