import type { Api } from "./client";
import type { ShoppingList } from "./types";

export type { ShoppingItem, ShoppingList } from "./types";

/** The API answers for so many recipes at once. */
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
