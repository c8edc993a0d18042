import type { Api } from "./client";
import { once } from "./once";
import { ignoreGone } from "./problem";
import type { Cost, CostPoint, IngredientLine, NewRecipe, Recipe, RecipeIngredient, RecipeSummary } from "./types";

export type { Recipe, RecipeSummary } from "./types";
export type RecipeLine = RecipeIngredient;
export type QuantityOf = IngredientLine;
export type RecipeBody = NewRecipe;
export type LiveCost = Cost;
export type CostChange = CostPoint;

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** Number of recipes on all pages. Only on the first page of the public list, and not from a pod of the previous version. */
  total?: number;
}

export const sorts = ["best", "newest", "cheapest", "dearest", "quickest"] as const;
export type Sort = (typeof sorts)[number];

/** The API's maximum number of ingredients in a filter. */
export const mostIngredients = 10;

export interface RecipeFilters {
  q?: string;
  tag?: string;
  /** IDs of ingredients; the recipes contain all of them. */
  ingredient?: number[];
  maxMinutes?: number;
  minCost?: number;
  maxCost?: number;
  sort?: Sort;
}

const path = (id: number | string) => `/recipes/${encodeURIComponent(id)}`;

export async function fetchRecipes({ http }: Api, filters: RecipeFilters, cursor: string | null, signal: AbortSignal) {
  const params = { ...filters, cursor: cursor ?? undefined };
  const { data } = await http.get<Page<RecipeSummary>>("/recipes", { params, signal });
  return data;
}

export async function fetchMyRecipes({ http }: Api, cursor: string | null, signal: AbortSignal): Promise<Page<RecipeSummary>> {
  const { data } = await http.get<Page<RecipeSummary>>("/me/recipes", { params: { cursor: cursor ?? undefined }, signal });
  return data;
}

export async function fetchRecipe({ http }: Api, id: number | string, signal?: AbortSignal): Promise<Recipe> {
  const { data } = await http.get<Recipe>(path(id), signal ? { signal } : {});
  return data;
}

export async function fetchCostHistory({ http }: Api, id: number | string, signal: AbortSignal): Promise<CostChange[]> {
  const { data } = await http.get<{ items: CostChange[] }>(`${path(id)}/cost-history`, { signal });
  return data.items;
}

export async function fetchTags({ http }: Api, signal: AbortSignal): Promise<{ name: string; count: number }[]> {
  const { data } = await http.get<{ items: { name: string; count: number }[] }>("/tags", { signal });
  return data.items;
}

export async function createRecipe({ http }: Api, body: RecipeBody, key: string): Promise<Recipe> {
  const { data } = await http.post<Recipe>("/recipes", body, once(key));
  return data;
}

export async function replaceRecipe({ http }: Api, id: number | string, body: RecipeBody & { version: number }): Promise<Recipe> {
  const { data } = await http.put<Recipe>(path(id), body);
  return data;
}

export async function deleteRecipe({ http }: Api, id: number): Promise<void> {
  await ignoreGone(http.delete(path(id)));
}

export async function computeCost({ http }: Api, servings: number, ingredients: QuantityOf[], signal: AbortSignal): Promise<LiveCost> {
  const { data } = await http.post<LiveCost>("/recipes/cost", { servings, ingredients }, { signal });
  return data;
}
