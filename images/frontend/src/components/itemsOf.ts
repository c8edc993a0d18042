/** The items of the fetched pages, each once: an item that moved between two requests may be on two pages. */
export function itemsOf<T extends { id: number }>(pages: readonly { items: T[] }[]): T[] {
  const byId = new Map<number, T>();
  for (const item of pages.flatMap(({ items }) => items)) {
    if (!byId.has(item.id)) {
      byId.set(item.id, item);
    }
  }
  return [...byId.values()];
}
