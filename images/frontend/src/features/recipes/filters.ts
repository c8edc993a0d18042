import { mostIngredients, sorts, type RecipeFilters, type Sort } from "../../api/recipes";
import { oneLine } from "../../components/oneLine";

/** The limits of the API: minutes of a week, and won. A maximum of 0 won would match no recipe. */
const limits = { maxMinutes: [1, 10_080], minCost: [0, 1_000_000_000], maxCost: [1, 1_000_000_000] } as const;

/** The filters of the URL; invalid ones are ignored. */
export function readFilters(params: URLSearchParams): RecipeFilters {
  const filters: RecipeFilters = {};
  const q = shortened(params.get("q"), 100);
  const tag = shortened(params.get("tag"), 20);
  const sort = params.get("sort");
  if (q) {
    filters.q = q;
  }
  if (tag) {
    filters.tag = tag;
  }
  const ids = params.getAll("ingredient").filter((id) => /^[1-9]\d{0,14}$/u.test(id));
  if (ids.length > 0) {
    filters.ingredient = [...new Set(ids.map(Number))].slice(0, mostIngredients);
  }
  for (const name of ["maxMinutes", "minCost", "maxCost"] as const) {
    const value = params.get(name) ?? "";
    const [least, most] = limits[name];
    if (/^\d{1,10}$/u.test(value) && Number(value) >= least && Number(value) <= most) {
      filters[name] = Number(value);
    }
  }
  if (isSort(sort) && sort !== usualSort(filters) && sortsFor(filters).includes(sort)) {
    filters.sort = sort;
  }
  return filters;
}

export function writeFilters(filters: RecipeFilters): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== "" && (name !== "sort" || one !== usualSort(filters))) {
        params.append(name, String(one));
      }
    }
  }
  return params;
}

/** The API's default order. */
export const usualSort = ({ q }: RecipeFilters): Sort => (q ? "best" : "newest");

/** The available orders; "best match" requires a search. */
export const sortsFor = ({ q }: RecipeFilters): readonly Sort[] => (q ? sorts : sorts.filter((sort) => sort !== "best"));

/** No filters besides the search. */
export const noConditions = { tag: undefined, ingredient: undefined, maxMinutes: undefined, minCost: undefined, maxCost: undefined };

export const countConditions = (filters: RecipeFilters): number =>
  Object.entries(filters).filter(([name, value]) => name in noConditions && value !== undefined).length;

/** Whether there is a search or a filter. */
export const isNarrowed = (filters: RecipeFilters): boolean => filters.q !== undefined || countConditions(filters) > 0;

/** A text of at most so many characters, like the API's; an emoji is one character, and is not cut in half. */
const shortened = (text: string | null, most: number): string => Array.from(oneLine(text ?? "")).slice(0, most).join("");

const isSort = (value: string | null): value is Sort => sorts.some((sort) => sort === value);
