import type { Point } from "./chart";

/** A value above this multiple of the median, or of the current value, does not set a chart's scale. */
const farOff = 3;

export interface Scaled {
  /** All points; those beyond the scale are drawn at its edge. */
  points: Point[];
  /** The points beyond the scale with their real values, oldest first. */
  beyond: Point[];
}

/**
 * A chart scale that ignores outliers, such as a mistyped price. The usual value is the median. The current value is always on
 * the scale.
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
