export interface Share {
  /** null: all that were too small to show one by one. */
  name: string | null;
  cost: number;
  /** 0 to 1, of the whole; `start` is where it begins there. */
  part: number;
  start: number;
}

/** The dearest lines first; what is beyond `most` parts is one part of its own. Lines that cost nothing have none. */
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
