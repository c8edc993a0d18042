import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { fetchFavouriteIds, setFavourite } from "../../api/favourites";
import { mine } from "../../api/queries";
import { refresh } from "../../api/refresh";
import { useUser } from "../../session/useSession";

/** Whether a recipe is a favourite, and functions to change that. A change is shown at once, and reverted if the API refuses it. */
export function useFavourite(recipeId: number) {
  const api = useApi();
  const user = useUser();
  const queryClient = useQueryClient();
  const idsKey = [mine, user?.id, "favourites", "ids"];
  const changes = [mine, user?.id, "favourite"];
  const mutationKey = [...changes, recipeId];
  const { data: ids } = useQuery({
    queryKey: idsKey,
    queryFn: ({ signal }) => fetchFavouriteIds(api, signal),
    enabled: user !== null,
    staleTime: 5 * 60_000,
  });
  const isFavourite = () => queryClient.getQueryData<number[]>(idsKey)?.includes(recipeId) ?? false;
  const show = (favourite: boolean) =>
    queryClient.setQueryData<number[]>(idsKey, (before = []) => [...before.filter((id) => id !== recipeId), ...(favourite ? [recipeId] : [])]);
  const { mutate, mutateAsync, error } = useMutation({
    mutationKey,
    // Requests run one at a time, so that the last press determines the result.
    scope: { id: mutationKey.join("/") },
    mutationFn: (wanted: boolean) => setFavourite(api, recipeId, wanted),
    onMutate: async (wanted) => {
      await queryClient.cancelQueries({ queryKey: idsKey });
      const before = queryClient.getQueryData(idsKey) === undefined ? undefined : isFavourite();
      show(wanted);
      return before;
    },
    onError: (_, __, before) => {
      if (queryClient.isMutating({ mutationKey }) > 1) {
        return; // a later press determines the result
      }
      if (before === undefined) {
        // The button was pressed before the favourites were loaded.
        void queryClient.resetQueries({ queryKey: idsKey });
      } else {
        show(before);
      }
    },
    onSettled: () => {
      // Only after the last change: before it, the API would return the former state.
      if (queryClient.isMutating({ mutationKey: changes }) === 1) {
        void refresh(queryClient, [mine, user?.id, "favourites"]);
      }
    },
  });
  const toggle = () => {
    // The previous press may not be rendered yet.
    const last = queryClient.getMutationCache().findAll({ mutationKey, status: "pending" }).at(-1);
    mutate(!(last ? last.state.variables : isFavourite()));
  };
  return {
    loggedIn: user !== null,
    favourite: ids?.includes(recipeId) ?? false,
    toggle,
    /** Resolves even if the user has left the page meanwhile. */
    add: () => mutateAsync(true),
    error,
  };
}
