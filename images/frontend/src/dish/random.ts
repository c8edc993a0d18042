export interface Point {
  x: number;
  y: number;
  turn: number;
}

export type Random = () => number;

/** Numbers in [0, 1) derived from a dish's title (FNV-1a, mulberry32), so that its picture is always the same. */
export function randomFrom(text: string): Random {
  let state = 2166136261;
  for (const character of text) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Points in a disc around (0, 0) with a minimum distance, so that pieces of food do not overlap. */
export function scatter(random: Random, count: number, radius: number, distance: number): Point[] {
  const points: Point[] = [];
  for (let attempt = 0; points.length < count && attempt < count * 20; attempt += 1) {
    const angle = random() * 2 * Math.PI;
    const reach = Math.sqrt(random()) * radius;
    const point = { x: round(Math.cos(angle) * reach), y: round(Math.sin(angle) * reach), turn: round(random() * 360) };
    if (points.every((other) => Math.hypot(other.x - point.x, other.y - point.y) >= distance)) {
      points.push(point);
    }
  }
  return points;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
