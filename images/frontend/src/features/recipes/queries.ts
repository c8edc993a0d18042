import { keepPreviousData, queryOptions, useInfiniteQuery, useMutation, usePrefetchQuery, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useParams } from "react-router";
import type { Api } from "../../api/client";
import { useApi } from "../../api/context";
import { mine } from "../../api/queries";
import { deleteRecipe, fetchCostHistory, fetchMyRecipes, fetchRecipe, fetchRecipes, fetchTags, type Page, type RecipeFilters, type RecipeSummary } from "../../api/recipes";
import { refresh } from "../../api/refresh";
import { itemsOf } from "../../components/itemsOf";
import { usePainted } from "../../components/usePainted";
import { useUser } from "../../session/useSession";

/** All queries that depend on recipes or prices. */
export const catalogue = "recipes";

export function useRecipes(filters: RecipeFilters) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [catalogue, "list", filters],
    queryFn: ({ pageParam, signal }) => fetchRecipes(api, filters, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // During typing the previous results stay until the new ones arrive.
    placeholderData: keepPreviousData,
  });
}

/** Total number of recipes in a list. A pod of the previous version does not return it; then it is known only for a complete list. */
export function totalOf({ pages }: InfiniteData<Page<RecipeSummary>> = { pages: [], pageParams: [] }): number | undefined {
  return pages[0]?.total ?? (pages.at(-1)?.nextCursor === null ? itemsOf(pages).length : undefined);
}

export function useMyRecipes() {
  const api = useApi();
  const user = useUser();
  return useInfiniteQuery({
    queryKey: [mine, user?.id, "recipes"],
    queryFn: ({ pageParam, signal }) => fetchMyRecipes(api, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: user !== null,
  });
}

const recipeQuery = (api: Api, id: string) =>
  queryOptions({ queryKey: [catalogue, "one", id], queryFn: ({ signal }) => fetchRecipe(api, id, signal) });

export function useRecipe(id: string, { enabled = true } = {}) {
  return useQuery({ ...recipeQuery(useApi(), id), enabled });
}

/** The recipe of the URL. */
export function usePrefetchRecipe(): void {
  const { id = "" } = useParams();
  usePrefetchQuery(recipeQuery(useApi(), id));
}

/** The current cost, which is shown first. */
export function useCostHistory(id: number) {
  const api = useApi();
  const enabled = usePainted();
  return useQuery({ queryKey: [catalogue, "cost-history", id], queryFn: ({ signal }) => fetchCostHistory(api, id, signal), enabled });
}

export function useTags() {
  const api = useApi();
  return useQuery({ queryKey: [catalogue, "tags"], queryFn: ({ signal }) => fetchTags(api, signal), staleTime: 5 * 60_000 });
}

export function useDeleteRecipe(id: number, onDeleted: () => void) {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => deleteRecipe(api, id),
    onSuccess: () => {
      onDeleted();
      queryClient.removeQueries({ queryKey: [catalogue, "one", String(id)] });
      void refresh(queryClient, [catalogue, "list"], [mine]);
    },
  });
}
