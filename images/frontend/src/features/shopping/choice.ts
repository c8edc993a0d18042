import { maxRecipes } from "../../api/shopping";
import { storedAtom } from "../../device/storedAtom";

export interface Chosen {
  id: number;
  title: string;
  servings: number;
}

export const choiceKey = "hankki.shopping";
export const tickedKey = "hankki.shopping.ticked";

/** Of a list, what fits. */
const listOf =
  <T>(fits: (value: unknown) => value is T) =>
  (stored: unknown): T[] => (Array.isArray(stored) ? stored.filter(fits) : []);

const isPositive = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;

function isChosen(value: unknown): value is Chosen {
  const { id, title, servings } = (value ?? {}) as Partial<Chosen>;
  return isPositive(id) && isPositive(servings) && servings <= 100 && typeof title === "string";
}

/** The recipes to shop for, with or without a login; other tabs follow. */
export const choiceAtom = storedAtom(choiceKey, listOf(isChosen));

/** The ingredients that are in the basket already. */
export const tickedAtom = storedAtom(tickedKey, listOf(isPositive));

/** The choice with this recipe for so many; a recipe is there once. */
export function choose(choice: readonly Chosen[], chosen: Chosen): Chosen[] {
  const known = choice.some(({ id }) => id === chosen.id);
  return known ? choice.map((one) => (one.id === chosen.id ? chosen : one)) : [...choice, chosen];
}

export const isFull = (choice: readonly Chosen[], id: number): boolean =>
  choice.length >= maxRecipes && !choice.some((chosen) => chosen.id === id);
