import { QueryClient, useQuery, type Query } from "@tanstack/react-query";
import { fetchMe } from "./auth";
import { useApi } from "./context";
import { ApiError } from "./problem";
import type { User } from "./types";

/** A fault may pass, so it is asked again; a refusal (4xx) will not change its mind. */
export function isWorthRetrying(failures: number, error: unknown): boolean {
  const passing = !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
  return passing && failures < 2;
}

/** A page does not ask again for what was refused to its own prefetch. */
const isLongAgo = ({ state }: Pick<Query, "state">): boolean => Date.now() - state.errorUpdatedAt > 1_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Without a network both fail and say so, instead of waiting for one in silence.
      queries: { retry: isWorthRetrying, retryOnMount: isLongAgo, staleTime: 30_000, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
}

/** Everything that belongs to one person is kept under this key, so that logging out can forget it at once. */
export const mine = "mine";

export const meKey = (user: User | null) => [mine, user?.id, "me"];

/** Asks the API who is logged in: a login that has ended elsewhere is noticed here. */
export function useMe(user: User | null) {
  const api = useApi();
  return useQuery({
    queryKey: meKey(user),
    queryFn: ({ signal }) => fetchMe(api, signal),
    enabled: user !== null,
    staleTime: 5 * 60_000,
  });
}
