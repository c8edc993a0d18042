import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { fetchFavourites } from "../../api/favourites";
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
