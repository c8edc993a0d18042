import type { Api } from "./client";
import type { Page, RecipeSummary } from "./recipes";

export async function fetchFavourites({ http }: Api, cursor: string | null, signal: AbortSignal): Promise<Page<RecipeSummary>> {
  const { data } = await http.get<Page<RecipeSummary>>("/me/favourites", { params: { cursor: cursor ?? undefined }, signal });
  return data;
}

/** The ids of all favourites, page by page. A pod of the previous version returns all ids at once, without `nextCursor`. */
export async function fetchFavouriteIds(api: Api, signal: AbortSignal, cursor?: string): Promise<number[]> {
  const { data } = await api.http.get<{ ids: number[]; nextCursor?: string | null }>("/me/favourites/ids", { params: { cursor }, signal });
  return data.nextCursor ? [...data.ids, ...(await fetchFavouriteIds(api, signal, data.nextCursor))] : data.ids;
}

export async function setFavourite({ http }: Api, recipeId: number, favourite: boolean): Promise<void> {
  const path = `/me/favourites/${recipeId}`;
  await (favourite ? http.put(path) : http.delete(path));
}
