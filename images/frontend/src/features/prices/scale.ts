import type { Point } from "./chart";

/** Beyond so many times the usual value, or today's, a value does not set the scale of a chart. */
const farOff = 3;

export interface Scaled {
  /** All points, with those beyond the scale drawn at its edge. */
  points: Point[];
  /** As they are, oldest first. */
  beyond: Point[];
}

/**
 * A chart whose scale a wrong price does not set. The usual value is the middle one of all; today's is on the scale whatever it is.
 */
export function withoutOutliers(points: readonly Point[]): Scaled {
  const values = points.map(({ won }) => won);
  const usual = values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
  const today = values.at(-1) ?? 0;
  const [least, most] = [Math.min(usual, today) / farOff, Math.max(usual, today) * farOff];
  const isOn = ({ won }: Point) => won >= least && won <= most;
  const on = points.filter(isOn).map(({ won }) => won);
  const [low, high] = [Math.min(...on), Math.max(...on)];
  return {
    points: points.map(({ at, won }) => ({ at, won: Math.min(Math.max(won, low), high) })),
    beyond: points.filter((point) => !isOn(point)),
  };
}
