import type { ShoppingItem } from "../../api/shopping";
import type { Chosen, Tick } from "./stored";

/** Which recipes need it. A pod of the version before does not tell: then it may be any of those chosen. */
const needing = (item: ShoppingItem, choice: readonly Chosen[]): number[] => item.recipes ?? choice.map(({ id }) => id);

/** Whether all that is wanted was ticked: for these recipes, and not more of it. */
export function isTicked(ticks: readonly Tick[], item: ShoppingItem, choice: readonly Chosen[]): boolean {
  return ticks.some(
    ({ ingredientId, quantity, unit, recipes }) =>
      ingredientId === item.ingredientId &&
      unit === item.unit &&
      quantity >= item.quantity &&
      needing(item, choice).every((id) => recipes.includes(id)),
  );
}

export function tick(ticks: readonly Tick[], item: ShoppingItem, choice: readonly Chosen[], done: boolean): Tick[] {
  const others = ticks.filter(({ ingredientId }) => ingredientId !== item.ingredientId);
  const { ingredientId, quantity, unit } = item;
  // The list that is shown may be that of a moment ago.
  return done ? [...others, ...withoutOthers([{ ingredientId, quantity, unit, recipes: needing(item, choice) }], choice)] : others;
}

/** What is left of the ticks once only these recipes are chosen. */
export function withoutOthers(ticks: readonly Tick[], choice: readonly Chosen[]): Tick[] {
  const ids = new Set(choice.map(({ id }) => id));
  return ticks.map((one) => ({ ...one, recipes: one.recipes.filter((id) => ids.has(id)) })).filter(({ recipes }) => recipes.length > 0);
}
