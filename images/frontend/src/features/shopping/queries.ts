import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { ApiError } from "../../api/problem";
import { fetchRecipe } from "../../api/recipes";
import { fetchShoppingList } from "../../api/shopping";
import { catalogue } from "../recipes/queries";
import type { Chosen } from "./choice";

export function useShoppingList(choice: readonly Chosen[]) {
  const api = useApi();
  return useQuery({
    queryKey: [catalogue, "shopping", choice.map(({ id, servings }) => [id, servings])],
    queryFn: ({ signal }) => fetchShoppingList(api, choice, signal),
    enabled: choice.length > 0,
    placeholderData: keepPreviousData,
  });
}

/** Finds the chosen recipes that still exist. */
export function useFindExisting(onFound: (existing: Chosen[]) => void) {
  const api = useApi();
  return useMutation({
    mutationFn: async (choice: readonly Chosen[]) => {
      const exists = await Promise.all(
        choice.map(async ({ id }) => {
          try {
            await fetchRecipe(api, id);
            return true;
          } catch (error) {
            if (error instanceof ApiError && error.status === 404) {
              return false;
            }
            throw error;
          }
        }),
      );
      return choice.filter((_, place) => exists[place]);
    },
    onSuccess: onFound,
  });
}
