import type { ShoppingItem } from "../../api/shopping";

export interface Aisle {
  /** In the reader's language; none for what is in no aisle, or in one that only a later release knows. */
  name: string | undefined;
  items: ShoppingItem[];
}

/** The items by aisle, in the API's order, which is a shop's; those without one last. A pod of the version before tells none. */
export function byAisle(items: readonly ShoppingItem[], names: Readonly<Record<string, string>>): Aisle[] {
  const aisles = new Map<string | undefined, ShoppingItem[]>();
  for (const item of items) {
    const name = names[item.aisle ?? ""];
    aisles.set(name, [...(aisles.get(name) ?? []), item]);
  }
  return [...aisles].map(([name, found]) => ({ name, items: found })).toSorted((one, other) => Number(!one.name) - Number(!other.name));
}
