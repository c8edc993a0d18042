import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { mine } from "../../api/queries";
import { refresh } from "../../api/refresh";
import { computeCost, replaceRecipe, type QuantityOf, type Recipe, type RecipeBody } from "../../api/recipes";
import { useDebouncedValue } from "../ingredients/useDebouncedValue";
import { catalogue } from "../recipes/queries";
import { createOnce, type Sent } from "./createOnce";

/** The cost of the recipe being edited. */
export function useLiveCost(servings: number | null, lines: QuantityOf[]) {
  const api = useApi();
  // As text, so that the debounce compares content instead of object identity.
  const request = useDebouncedValue(JSON.stringify({ servings, lines }), 400);
  const settled = JSON.parse(request) as { servings: number | null; lines: QuantityOf[] };
  const settledServings = settled.servings;
  return useQuery({
    queryKey: [catalogue, "live-cost", request],
    queryFn:
      settledServings !== null && settled.lines.length > 0
        ? ({ signal }) => computeCost(api, settledServings, settled.lines, signal)
        : skipToken,
    placeholderData: keepPreviousData,
  });
}

interface Save {
  body: RecipeBody;
  version: number | null;
}

export function useSave(id: string, sent: Sent, onSaved: (recipe: Recipe) => void) {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ body, version }: Save) => (version === null ? createOnce(api, body, sent) : replaceRecipe(api, id, { ...body, version })),
    onSuccess: (recipe) => {
      queryClient.setQueryData([catalogue, "one", String(recipe.id)], recipe);
      void refresh(queryClient, [catalogue], [mine]);
      onSaved(recipe);
    },
  });
}
