import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { fetchIngredient, fetchIngredients, fetchPrices } from "../../api/ingredients";

export const ingredients = "ingredients";

export function useIngredients(q: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [ingredients, "list", q],
    queryFn: ({ pageParam, signal }) => fetchIngredients(api, { q, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export const oneIngredient = (id: string) => [ingredients, "one", id];

export function useIngredient(id: string) {
  const api = useApi();
  return useQuery({ queryKey: oneIngredient(id), queryFn: ({ signal }) => fetchIngredient(api, id, signal) });
}

export function usePrices(id: string) {
  const api = useApi();
  return useQuery({ queryKey: [ingredients, "prices", id], queryFn: ({ signal }) => fetchPrices(api, id, signal) });
}
