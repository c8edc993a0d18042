import type { Api } from "./client";
import type { Recipe, RecipePage } from "./types";

export interface RecipeQuery {
  q: string;
  cursor: string | null;
}

export async function fetchRecipes({ http }: Api, { q, cursor }: RecipeQuery, signal: AbortSignal): Promise<RecipePage> {
  const params = { q: q || undefined, cursor: cursor ?? undefined };
  const { data } = await http.get<RecipePage>("/recipes", { params, signal });
  return data;
}

export async function fetchRecipe({ http }: Api, id: string, signal: AbortSignal): Promise<Recipe> {
  const { data } = await http.get<Recipe>(`/recipes/${encodeURIComponent(id)}`, { signal });
  return data;
}
