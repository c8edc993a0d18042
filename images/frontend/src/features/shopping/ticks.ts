import type { ShoppingItem } from "../../api/shopping";
import type { Chosen, Tick } from "./stored";

/** The recipes that need an item. A pod of the previous version does not return them; then all chosen recipes may need it. */
const needing = (item: ShoppingItem, choice: readonly Chosen[]): number[] => item.recipes ?? choice.map(({ id }) => id);

/** Whether an item is ticked for these recipes and for at least this quantity. */
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
  // The displayed list may be outdated.
  return done ? [...others, ...withoutOthers([{ ingredientId, quantity, unit, recipes: needing(item, choice) }], choice)] : others;
}

/** The ticks that remain for these recipes. */
export function withoutOthers(ticks: readonly Tick[], choice: readonly Chosen[]): Tick[] {
  const ids = new Set(choice.map(({ id }) => id));
  return ticks.map((one) => ({ ...one, recipes: one.recipes.filter((id) => ids.has(id)) })).filter(({ recipes }) => recipes.length > 0);
}
