import type { Api } from "./client";
import { once } from "./once";
import { ApiError, isGone } from "./problem";
import type { Ingredient, NewPrice, Price, ReportedPrice } from "./types";
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
  // A pod of the version before answers all of them, the oldest first.
  return data.nextCursor === undefined ? { items: data.items.toReversed(), nextCursor: null } : { items: data.items, nextCursor: data.nextCursor };
}

/** An unusual price is refused as `price-unusual` until it is confirmed. */
export async function reportPrice({ http }: Api, id: string, price: ReportedPrice, key: string): Promise<Price> {
  const { data } = await http.post<Price>(`${path(id)}/prices`, price, once(key));
  return data;
}

/** One's own price; one that is gone already is no error. */
export async function takePriceBack({ http }: Api, id: string, priceId: number): Promise<void> {
  try {
    await http.delete(`${path(id)}/prices/${priceId}`);
  } catch (error) {
    if (!isGone(error)) {
      throw error;
    }
  }
}

/** The ids of the prices that one may take back. */
export async function fetchOwnPriceIds({ http }: Api, id: string, signal: AbortSignal): Promise<number[]> {
  const { data } = await http.get<{ ids: number[] }>("/me/prices/ids", { params: { ingredient: id }, signal });
  return data.ids;
}

type NewIngredient = NewPrice & { name: string; unit: string };

export async function createIngredient({ http }: Api, ingredient: NewIngredient, key: string): Promise<Ingredient> {
  const { data } = await http.post<Ingredient>("/ingredients", ingredient, once(key));
  return data;
}

/** Tells what a tablespoon weighs, in g, and returns what it is known to weigh: somebody may have told it before. */
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
