import { mostIngredients, sorts, type RecipeFilters, type Sort } from "../../api/recipes";
import { oneLine } from "../../components/oneLine";

/** The filters of the URL; invalid ones are ignored. */
export function readFilters(params: URLSearchParams): RecipeFilters {
  const filters: RecipeFilters = {};
  const q = oneLine(params.get("q") ?? "").slice(0, 100);
  const tag = oneLine(params.get("tag") ?? "").slice(0, 20);
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
    if (/^\d{1,7}$/u.test(value) && (Number(value) > 0 || name === "minCost")) {
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

const isSort = (value: string | null): value is Sort => sorts.some((sort) => sort === value);
