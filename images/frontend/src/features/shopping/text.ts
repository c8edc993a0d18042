import type { ShoppingList } from "../../api/shopping";
import { formatWanted, formatWon } from "../../i18n/format";
import type { Locale } from "../../i18n/texts";

interface Words {
  title: string;
  total: string;
  servings: (n: number) => string;
  units: Readonly<Record<string, string>>;
}

/** The list for a message to whoever goes shopping. */
export function listAsText(list: ShoppingList, locale: Locale, words: Words): string {
  return [
    words.title,
    ...list.recipes.map(({ title, servings }) => `· ${title} (${words.servings(servings)})`),
    "",
    ...list.items.map(({ name, cost, ...wanted }) => `- ${name} ${formatWanted(wanted, locale, words.units)}, ${formatWon(cost, locale)}`),
    "",
    `${words.total} ${formatWon(list.total, locale)}`,
  ].join("\n");
}

/** Browsers have a clipboard only for https and localhost; elsewhere the old way is the only one. */
export async function copy(text: string): Promise<boolean> {
  if (window.isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused by the person or the browser: the old way may still be open.
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
