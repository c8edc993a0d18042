import type { ShoppingItem } from "../../api/shopping";

export interface Aisle {
  /** Name in the user's language; undefined for items without an aisle or with one of a later release. */
  name: string | undefined;
  items: ShoppingItem[];
}

/** The items by aisle, in the API's order; items without an aisle are last. A pod of the previous version returns no aisles. */
export function byAisle(items: readonly ShoppingItem[], names: Readonly<Record<string, string>>): Aisle[] {
  const aisles = new Map<string | undefined, ShoppingItem[]>();
  for (const item of items) {
    const name = names[item.aisle ?? ""];
    aisles.set(name, [...(aisles.get(name) ?? []), item]);
  }
  return [...aisles].map(([name, found]) => ({ name, items: found })).toSorted((one, other) => Number(!one.name) - Number(!other.name));
}
