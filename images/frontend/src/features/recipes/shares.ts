export interface Share {
  /** null: the sum of the lines that are too small to show separately. */
  name: string | null;
  cost: number;
  /** Share of the total, 0 to 1; `start` is its offset. */
  part: number;
  start: number;
}

/** Most expensive lines first; lines beyond `most` are one part. Lines without cost are omitted. */
export function sharesOf(lines: readonly { name: string; cost: number }[], most = 6): Share[] {
  const costly = lines.filter(({ cost }) => cost > 0).toSorted((a, b) => b.cost - a.cost);
  const whole = costly.reduce((sum, { cost }) => sum + cost, 0);
  const shown = costly.length > most ? most - 1 : most;
  const parts: Pick<Share, "name" | "cost">[] = costly.slice(0, shown);
  const rest = costly.slice(shown).reduce((sum, { cost }) => sum + cost, 0);
  if (rest > 0) {
    parts.push({ name: null, cost: rest });
  }
  let before = 0;
  return parts.map(({ name, cost }) => {
    const start = before / whole;
    before += cost;
    return { name, cost, part: cost / whole, start };
  });
}
