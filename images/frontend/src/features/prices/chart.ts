export interface Point {
  /** ISO date and time. */
  at: string;
  won: number;
}

export interface Geometry {
  /** SVG path in a square of 100 by 100, with the highest value at the top. */
  path: string;
  low: number;
  high: number;
}

/** A price is valid until the next one, so the line has steps. The last step ends now. */
export function stepsOf(points: readonly Point[], now: number): Geometry {
  const times = points.map(({ at }) => Date.parse(at));
  const values = points.map(({ won }) => won);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const x = placeOf(times, now);
  const y = (won: number) => (high === low ? 50 : rounded(100 - (100 * (won - low)) / (high - low)));
  const steps = points.map(({ won }, place) => `${place === 0 ? "M" : "H"}${x(times[place] ?? now)}${place === 0 ? " " : "V"}${y(won)}`);
  return { path: `${steps.join("")}H100`, low, high };
}

/** Horizontal position of a time, 0 to 100. */
export function placeOf(times: readonly number[], now: number): (time: number) => number {
  const from = Math.min(...times);
  const to = Math.max(now, ...times);
  return (time) => (to === from ? 0 : rounded((100 * (time - from)) / (to - from)));
}

const rounded = (value: number) => Math.round(value * 100) / 100;
