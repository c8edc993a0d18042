import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { fetchIngredients, type Ingredient } from "../../api/ingredients";
import { oneLine } from "../../components/oneLine";
import { ingredients } from "../prices/queries";
import { useSettled } from "./useSettled";

/** The most that the API gives at once: a pod of the version before lists by name, and the one that is meant may stand late. */
const asked = 100;
const shown = 8;

export function useSuggestions(typed: string, enabled: boolean) {
  const api = useApi();
  const q = useSettled(oneLine(typed), 250);
  return useQuery({
    queryKey: [ingredients, "suggestions", q],
    queryFn: async ({ signal }) => bestFirst((await fetchIngredients(api, { q, limit: asked }, signal)).items, q).slice(0, shown),
    enabled: enabled && q !== "",
    placeholderData: keepPreviousData,
  });
}

/** The very name, then names that begin with it, then the others, each as the API lists them. */
function bestFirst(found: readonly Ingredient[], q: string): Ingredient[] {
  const sought = q.toLowerCase();
  const rank = (name: string) => [name === sought, name.startsWith(sought), true].indexOf(true);
  return found.toSorted((a, b) => rank(a.name.toLowerCase()) - rank(b.name.toLowerCase()));
}
