import { maxRecipes } from "../../api/shopping";
import type { Chosen, Tick } from "./stored";
import { withoutOthers } from "./ticks";

export interface List {
  recipes: Chosen[];
  ticks: Tick[];
}

/** The merged list, and the recipes of this device that did not fit. */
export interface Merged extends List {
  left: Chosen[];
}

/** Compares as text with sorted keys, because stored objects have any order. */
const recipeText = ({ id, title, servings }: Chosen) => JSON.stringify([id, title, servings]);
const tickText = ({ ingredientId, quantity, unit, recipes }: Tick) => JSON.stringify([ingredientId, quantity, unit, recipes.toSorted((a, b) => a - b)]);

export const isSame = (one: List, other: List): boolean =>
  one.recipes.map(recipeText).join() === other.recipes.map(recipeText).join() &&
  one.ticks.map(tickText).toSorted().join() === other.ticks.map(tickText).toSorted().join();

/**
 * A three-way merge: the changes of this device (`mine` against `base`) are applied to `theirs`. Without a base, the result is the
 * union. `theirs` come first, so recipes that do not fit were chosen on this device, which can show them to the user.
 */
export function merge(base: List, mine: List, theirs: List): Merged {
  const all = mergeBy(({ id }: Chosen) => id, recipeText, base.recipes, mine.recipes, theirs.recipes);
  const recipes = all.slice(0, maxRecipes);
  const ticks = mergeBy(({ ingredientId }: Tick) => ingredientId, tickText, base.ticks, mine.ticks, theirs.ticks);
  return { recipes, ticks: withoutOthers(ticks, recipes), left: all.slice(maxRecipes) };
}

function mergeBy<T>(key: (one: T) => number, text: (one: T) => string, ...lists: [base: T[], mine: T[], theirs: T[]]): T[] {
  const [base, mine, theirs] = lists.map((list) => new Map(list.map((one) => [key(one), one])));
  const textIn = (list: Map<number, T> | undefined, id: number) => {
    const one = list?.get(id);
    return one && text(one);
  };
  const ids = new Set([...(theirs?.keys() ?? []), ...(mine?.keys() ?? [])]);
  return [...ids].flatMap((id) => (textIn(mine, id) === textIn(base, id) ? theirs : mine)?.get(id) ?? []);
}
