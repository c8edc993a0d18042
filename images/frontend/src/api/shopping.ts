import type { Api } from "./client";
import type { OwnList, ShoppingList } from "./types";

export type { OwnList, ShoppingItem, ShoppingList } from "./types";

/** The API's maximum number of recipes per request. */
export const maxRecipes = 30;

export async function fetchShoppingList(
  { http }: Api,
  choice: readonly { id: number; servings: number }[],
  signal: AbortSignal,
): Promise<ShoppingList> {
  const params = new URLSearchParams(choice.map(({ id, servings }) => ["recipe", `${id}:${servings}`]));
  const { data } = await http.get<ShoppingList>("/shopping-list", { params, signal });
  return data;
}

/** The list of the account, shared by all its devices. */
export async function fetchOwnList({ http }: Api, signal: AbortSignal): Promise<OwnList> {
  const { data } = await http.get<OwnList>("/me/shopping-list", { signal });
  return data;
}

/** Resolves to the list with its new version; 409 if another device has changed the list since the version of `list`. */
export async function replaceOwnList({ http }: Api, list: OwnList): Promise<OwnList> {
  const { data } = await http.put<OwnList>("/me/shopping-list", list);
  return data;
}
