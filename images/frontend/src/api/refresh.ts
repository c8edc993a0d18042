import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Reloads changed data that the page shows. TanStack Query ignores the invalidation of a query that is loading for the first time,
 * and its response may be older than the change: such a query is restarted.
 */
export async function refresh(queryClient: QueryClient, ...keys: QueryKey[]): Promise<void> {
  const refreshOne = async (queryKey: QueryKey) => {
    await queryClient.cancelQueries({ queryKey, predicate: ({ state }) => state.data === undefined });
    await queryClient.invalidateQueries({ queryKey });
  };
  await Promise.all(keys.map(refreshOne));
}
