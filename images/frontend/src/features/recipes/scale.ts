import type { Recipe, RecipeLine } from "../../api/recipes";
import { approximate, exact, over, plus, roundHalfUp, times, zero, type Fraction } from "./exact";
import { amountOf } from "./units";

export type Scalable = Pick<Recipe, "servings" | "ingredients">;

export interface Scaled {
  lines: RecipeLine[];
  /** Won for all servings: the exact sum rounded once, so it may differ by a few won from the sum of the lines shown. */
  total: number;
}

function costOf({ quantity, unit, price, per, priceUnit, tablespoonGrams, cost }: RecipeLine): Fraction {
  const amount = amountOf(quantity, unit, { unit: priceUnit, tablespoonGrams });
  // For an unknown unit the API's value is the best available.
  return amount === undefined ? exact(cost) : over(times(amount, exact(price)), exact(per));
}

/** The recipe for other servings, by the API's rule: exact decimals, rounded half up once. */
export function scale({ servings, ingredients }: Scalable, wanted: number): Scaled {
  const ratio = over(exact(wanted), exact(servings));
  let total = zero;
  const lines = ingredients.map((line) => {
    const cost = times(costOf(line), ratio);
    total = plus(total, cost);
    return { ...line, quantity: approximate(times(exact(line.quantity), ratio)), cost: roundHalfUp(cost) };
  });
  return { lines, total: roundHalfUp(total) };
}
