import type { Api } from "../../../api/client";
import { fetchIngredients, type Ingredient } from "../../../api/ingredients";
import { isSameName } from "../../../components/hangul";
import { oneLine } from "../../../components/oneLine";

const atOnce = 4;
/** The API's limit for names. */
const longestName = 50;

/** The ingredients with these names or aliases, by name; unknown names are omitted. */
export async function findIngredients(api: Api, names: readonly string[], signal: AbortSignal): Promise<Map<string, Ingredient>> {
  const waiting = [...new Set(names)].filter((name) => oneLine(name) !== "" && name.length <= longestName);
  const found = new Map<string, Ingredient>();
  const work = async (): Promise<void> => {
    const name = waiting.shift();
    if (name === undefined) {
      return;
    }
    const { items } = await fetchIngredients(api, { q: oneLine(name), limit: 100 }, signal);
    const same = items.find((one) => [one.name, ...(one.aliases ?? [])].some((known) => isSameName(known, name)));
    if (same) {
      found.set(name, same);
    }
    await work();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return found;
}
