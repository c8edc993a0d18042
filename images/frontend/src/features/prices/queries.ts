import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, usePrefetchInfiniteQuery, useQuery, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useSearchParams } from "react-router";
import type { Api } from "../../api/client";
import { useApi } from "../../api/context";
import { fetchIngredient, fetchIngredients, fetchMovedRecipes, fetchOwnPriceIds, fetchPrices, type Price } from "../../api/ingredients";
import { mine } from "../../api/queries";
import { refresh } from "../../api/refresh";
import { oneLine } from "../../components/oneLine";
import { useUser } from "../../session/useSession";
import { catalogue } from "../recipes/queries";

export const ingredients = "ingredients";

const ingredientsQuery = (api: Api, q: string) =>
  infiniteQueryOptions({
    queryKey: [ingredients, "list", q],
    queryFn: ({ pageParam, signal }) => fetchIngredients(api, { q, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export function useIngredients(q: string) {
  return useInfiniteQuery({ ...ingredientsQuery(useApi(), q), placeholderData: keepPreviousData });
}

/** The search of the URL. */
export function usePrefetchIngredients(): void {
  const [params] = useSearchParams();
  usePrefetchInfiniteQuery(ingredientsQuery(useApi(), oneLine(params.get("q") ?? "")));
}

export const oneIngredient = (id: string) => [ingredients, "one", id];

export function useIngredient(id: string) {
  const api = useApi();
  return useQuery({ queryKey: oneIngredient(id), queryFn: ({ signal }) => fetchIngredient(api, id, signal) });
}

/** Pages of prices, newest first. */
export function usePrices(id: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [ingredients, "prices", id],
    queryFn: ({ pageParam, signal }) => fetchPrices(api, id, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The prices of the pages, each once. A pod of the previous version returns all prices as the next page, without IDs. */
export function pricesOf(pages: readonly { items: Price[] }[]): Price[] {
  const prices = new Map<string, Price>();
  for (const price of pages.flatMap(({ items }) => items)) {
    const key = `${price.at} ${price.price} ${price.per}`;
    prices.set(key, prices.get(key) ?? price);
  }
  return [...prices.values()];
}

/** The user's own prices on this number of pages. Empty without a login, and until they are loaded. */
export function useOwnPriceIds(id: string, pages: number): readonly number[] {
  const api = useApi();
  const user = useUser();
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = useInfiniteQuery({
    queryKey: [mine, user?.id, "prices", id],
    queryFn: ({ pageParam, signal }) => fetchOwnPriceIds(api, id, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: user !== null,
  });
  const more = hasNextPage && !isFetching && !isError && (data?.pages.length ?? 0) < pages;
  useEffect(() => {
    if (more) {
      void fetchNextPage();
    }
  }, [more, fetchNextPage]);
  return data?.pages.flatMap(({ ids }) => ids) ?? [];
}

/** The recipes whose cost a price changed, and the difference. */
export function useMovedRecipes(id: number, priceId: number) {
  const api = useApi();
  return useQuery({
    queryKey: [ingredients, "moved", id, priceId],
    queryFn: ({ signal }) => fetchMovedRecipes(api, id, priceId, signal),
  });
}

/** Invalidates queries after a price was added or removed, because it changes the cost of recipes. */
export const refreshPrices = (queryClient: QueryClient): Promise<void> => refresh(queryClient, [ingredients], [catalogue], [mine]);
