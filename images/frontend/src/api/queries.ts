import { QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { fetchMe } from "./auth";
import { useApi } from "./context";
import { ApiError } from "./problem";
import { fetchRecipe, fetchRecipes } from "./recipes";
import type { User } from "./types";

/** A fault may pass, so it is asked again; a refusal (4xx) will not change its mind. */
export function isWorthRetrying(failures: number, error: unknown): boolean {
  const passing = !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
  return passing && failures < 2;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 30_000 } },
  });
}

export function useRecipes(q: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ["recipes", q],
    queryFn: ({ pageParam, signal }) => fetchRecipes(api, { q, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function useRecipe(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["recipe", id],
    queryFn: ({ signal }) => fetchRecipe(api, id, signal),
  });
}

/** Everything that belongs to one person is kept under this key, so that logging out can forget it at once. */
export const mine = "mine";

/** Asks the API who is logged in: a login that has ended elsewhere is noticed here. */
export function useMe(user: User | null) {
  const api = useApi();
  return useQuery({
    queryKey: [mine, user?.id, "me"],
    queryFn: ({ signal }) => fetchMe(api, signal),
    enabled: user !== null,
    staleTime: 5 * 60_000,
  });
}
