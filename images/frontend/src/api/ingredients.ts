import type { Api } from "./client";
import { once } from "./once";
import type { Ingredient, NewPrice, Price } from "./types";
import type { Page } from "./recipes";

export type { Ingredient, NewPrice, Price } from "./types";

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

export async function fetchPrices({ http }: Api, id: string, signal: AbortSignal): Promise<Price[]> {
  const { data } = await http.get<{ items: Price[] }>(`${path(id)}/prices`, { signal });
  return data.items;
}

export async function reportPrice({ http }: Api, id: string, price: NewPrice, key: string): Promise<void> {
  await http.post(`${path(id)}/prices`, price, once(key));
}

type NewIngredient = NewPrice & { name: string; unit: string };

export async function createIngredient({ http }: Api, ingredient: NewIngredient, key: string): Promise<Ingredient> {
  const { data } = await http.post<Ingredient>("/ingredients", ingredient, once(key));
  return data;
}
