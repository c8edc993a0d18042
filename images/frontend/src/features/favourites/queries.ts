import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { fetchFavouriteIds, fetchFavourites, setFavourite } from "../../api/favourites";
import { mine } from "../../api/queries";
import { useUser } from "../../session/useSession";

export function useFavourites() {
  const api = useApi();
  const user = useUser();
  return useInfiniteQuery({
    queryKey: [mine, user?.id, "favourites", "list"],
    queryFn: ({ pageParam, signal }) => fetchFavourites(api, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: user !== null,
  });
}

/** Whether a recipe is a favourite, and how to change that: shown at once, taken back if the API refuses. */
export function useFavourite(recipeId: number) {
  const api = useApi();
  const user = useUser();
  const queryClient = useQueryClient();
  const idsKey = [mine, user?.id, "favourites", "ids"];
  const { data: ids } = useQuery({
    queryKey: idsKey,
    queryFn: ({ signal }) => fetchFavouriteIds(api, signal),
    enabled: user !== null,
    staleTime: 5 * 60_000,
  });
  const { mutate, error } = useMutation({
    mutationFn: (wanted: boolean) => setFavourite(api, recipeId, wanted),
    onMutate: async (wanted) => {
      await queryClient.cancelQueries({ queryKey: idsKey });
      const before = queryClient.getQueryData<number[]>(idsKey);
      const others = (before ?? []).filter((id) => id !== recipeId);
      queryClient.setQueryData(idsKey, wanted ? [...others, recipeId] : others);
      return before;
    },
    onError: (_, __, before) => {
      if (before) {
        queryClient.setQueryData(idsKey, before);
      } else {
        // The heart was pressed before it was known which there are.
        void queryClient.resetQueries({ queryKey: idsKey });
      }
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: [mine, user?.id, "favourites"] }),
  });
  return { loggedIn: user !== null, favourite: ids?.includes(recipeId) ?? false, toggle: mutate, error };
}
