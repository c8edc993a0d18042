import { maxRecipes } from "../../api/shopping";
import type { Chosen, Tick } from "../../api/types";

export type { Chosen, Tick } from "../../api/types";

/** The valid entries of a stored list, written by any release. */
export const listOf =
  <T>(fits: (value: unknown) => value is T) =>
  (stored: unknown): T[] => (Array.isArray(stored) ? stored.filter(fits) : []);

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;

export function isChosen(value: unknown): value is Chosen {
  const { id, title, servings } = (value ?? {}) as Partial<Chosen>;
  return isId(id) && isId(servings) && servings <= 100 && typeof title === "string";
}

export function isTick(value: unknown): value is Tick {
  const { ingredientId, quantity, unit, recipes } = (value ?? {}) as Partial<Tick>;
  return (
    isId(ingredientId) &&
    typeof quantity === "number" &&
    quantity >= 0 &&
    typeof unit === "string" &&
    Array.isArray(recipes) &&
    recipes.length > 0 &&
    recipes.length <= maxRecipes &&
    recipes.every(isId)
  );
}
