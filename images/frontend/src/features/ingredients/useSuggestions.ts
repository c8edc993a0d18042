import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { fetchIngredients, type Ingredient } from "../../api/ingredients";
import { oneLine } from "../../components/oneLine";
import { ingredients } from "../prices/queries";
import { useDebouncedValue } from "./useDebouncedValue";

/** The API's maximum page size. A pod of the previous version sorts by name, so the best match may come late. */
const requested = 100;
const shown = 8;

export function useSuggestions(typed: string, enabled: boolean) {
  const api = useApi();
  const q = useDebouncedValue(oneLine(typed), 250);
  return useQuery({
    queryKey: [ingredients, "suggestions", q],
    queryFn: async ({ signal }) => bestFirst((await fetchIngredients(api, { q, limit: requested }, signal)).items, q).slice(0, shown),
    enabled: enabled && q !== "",
    placeholderData: keepPreviousData,
  });
}

/** Exact matches, then names that start with the text, then others, each in the API's order. */
function bestFirst(found: readonly Ingredient[], q: string): Ingredient[] {
  const sought = q.toLowerCase();
  const rank = (name: string) => [name === sought, name.startsWith(sought), true].indexOf(true);
  return found.toSorted((a, b) => rank(a.name.toLowerCase()) - rank(b.name.toLowerCase()));
}
