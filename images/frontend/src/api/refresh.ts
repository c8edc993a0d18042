import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Asks anew for what has changed, as far as it is shown. TanStack Query alone drops the invalidation of a query that is
 * being loaded for the first time, and its answer may be of before the change: such a query is begun again.
 */
export async function refresh(queryClient: QueryClient, ...keys: QueryKey[]): Promise<void> {
  const refreshOne = async (queryKey: QueryKey) => {
    await queryClient.cancelQueries({ queryKey, predicate: ({ state }) => state.data === undefined });
    await queryClient.invalidateQueries({ queryKey });
  };
  await Promise.all(keys.map(refreshOne));
}
