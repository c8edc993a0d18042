import type { Api } from "./client";
import type { Page, RecipeSummary } from "./recipes";

export async function fetchFavourites({ http }: Api, cursor: string | null, signal: AbortSignal): Promise<Page<RecipeSummary>> {
  const { data } = await http.get<Page<RecipeSummary>>("/me/favourites", { params: { cursor: cursor ?? undefined }, signal });
  return data;
}

export async function fetchFavouriteIds({ http }: Api, signal: AbortSignal): Promise<number[]> {
  const { data } = await http.get<{ ids: number[] }>("/me/favourites/ids", { signal });
  return data.ids;
}

export async function setFavourite({ http }: Api, recipeId: number, favourite: boolean): Promise<void> {
  const path = `/me/favourites/${recipeId}`;
  await (favourite ? http.put(path) : http.delete(path));
}
