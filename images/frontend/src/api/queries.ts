import { QueryClient, useQuery, type Query } from "@tanstack/react-query";
import { fetchMe } from "./auth";
import { useApi } from "./context";
import { ApiError } from "./problem";
import type { User } from "./types";

/** Transient failures are retried; refusals (4xx) are not. */
export function isWorthRetrying(failures: number, error: unknown): boolean {
  const passing = !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
  return passing && failures < 2;
}

/** A page does not repeat a request that its own prefetch was refused. */
const isLongAgo = ({ state }: Pick<Query, "state">): boolean => Date.now() - state.errorUpdatedAt > 1_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Without a network both fail at once, instead of waiting for it.
      queries: { retry: isWorthRetrying, retryOnMount: isLongAgo, staleTime: 30_000, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
}

/** The key of all data of one user, so that a logout can remove them at once. */
export const mine = "mine";

export const meKey = (user: User | null) => [mine, user?.id, "me"];

/** Requests the logged-in user: detects a session that has ended elsewhere. */
export function useMe(user: User | null) {
  const api = useApi();
  return useQuery({
    queryKey: meKey(user),
    queryFn: ({ signal }) => fetchMe(api, signal),
    enabled: user !== null,
    staleTime: 5 * 60_000,
  });
}
