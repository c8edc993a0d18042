import type { Api } from "./client";
import { once } from "./once";
import { ApiError, ignoreGone } from "./problem";
import type { Ingredient, MovedRecipes, NewPrice, Price, ReportedPrice } from "./types";
import type { Page } from "./recipes";

export type { Ingredient, NewPrice, Price, ReportedPrice } from "./types";

const path = (id: number | string) => `/ingredients/${encodeURIComponent(id)}`;

interface Sought {
  q: string;
  cursor?: string | null;
  limit?: number;
}

export async function fetchIngredients({ http }: Api, { q, cursor, limit }: Sought, signal: AbortSignal): Promise<Page<Ingredient>> {
  const params = { q: q || undefined, cursor: cursor ?? undefined, limit };
  const { data } = await http.get<Page<Ingredient>>("/ingredients", { params, signal });
  return data;
}

export async function fetchIngredient({ http }: Api, id: string, signal: AbortSignal): Promise<Ingredient> {
  const { data } = await http.get<Ingredient>(path(id), { signal });
  return data;
}

/** A page of prices, the newest first. */
export async function fetchPrices({ http }: Api, id: string, cursor: string | null, signal: AbortSignal): Promise<Page<Price>> {
  const params = { sort: "newest", cursor: cursor ?? undefined };
  const { data } = await http.get<{ items: Price[]; nextCursor?: string | null }>(`${path(id)}/prices`, { params, signal });
  // A pod of the previous version returns all of them, oldest first.
  return data.nextCursor === undefined ? { items: data.items.toReversed(), nextCursor: null } : { items: data.items, nextCursor: data.nextCursor };
}

/** An unusual price is refused as `price-unusual` until it is confirmed. */
export async function reportPrice({ http }: Api, id: string, price: ReportedPrice, key: string): Promise<Price> {
  const { data } = await http.post<Price>(`${path(id)}/prices`, price, once(key));
  return data;
}

/** Removes one of the user's prices; a missing price is not an error. */
export async function withdrawPrice({ http }: Api, id: string, priceId: number): Promise<void> {
  await ignoreGone(http.delete(`${path(id)}/prices/${priceId}`));
}

/** The recipes whose cost a price changed, the largest change first. */
export async function fetchMovedRecipes({ http }: Api, id: number, priceId: number, signal: AbortSignal): Promise<MovedRecipes> {
  const { data } = await http.get<MovedRecipes>(`${path(id)}/prices/${priceId}/moved-recipes`, { signal });
  return data;
}

/** A page of the IDs of the prices that the user can withdraw. The first n pages contain all such IDs of the first n pages of prices. */
export async function fetchOwnPriceIds({ http }: Api, id: string, cursor: string | null, signal: AbortSignal) {
  const params = { ingredient: id, cursor: cursor ?? undefined };
  const { data } = await http.get<{ ids: number[]; nextCursor?: string | null }>("/me/prices/ids", { params, signal });
  // A pod of the previous version returns all of them.
  return { ids: data.ids, nextCursor: data.nextCursor ?? null };
}

/** `aisle`: the aisle of a shop, if known. */
type NewIngredient = NewPrice & { name: string; unit: string; aisle?: string };

export async function createIngredient(api: Api, ingredient: NewIngredient, key: string): Promise<Ingredient> {
  try {
    const { data } = await api.http.post<Ingredient>("/ingredients", ingredient, once(key));
    return data;
  } catch (error) {
    const { aisle, ...rest } = ingredient;
    // A pod of the previous version refuses an aisle. The ingredient is then added without one.
    if (aisle !== undefined && error instanceof ApiError && Object.keys(error.fields).join() === "aisle") {
      return createIngredient(api, rest, key);
    }
    throw error;
  }
}

/** Sets the aisle of an ingredient; null: unknown. */
export async function setAisle({ http }: Api, id: number, aisle: string | null): Promise<void> {
  await http.put(`${path(id)}/aisle`, { aisle });
}

/** Reports the weight of a tablespoon in g, and returns the stored weight, which another user may have reported before. */
export async function noteTablespoon({ http }: Api, id: number, grams: number): Promise<number> {
  try {
    const { data } = await http.put<Ingredient>(`${path(id)}/tablespoon`, { grams });
    return data.tablespoonGrams ?? grams;
  } catch (error) {
    if (error instanceof ApiError && error.problem === "weight-known") {
      const { data } = await http.get<Ingredient>(path(id));
      return data.tablespoonGrams ?? grams;
    }
    throw error;
  }
}
