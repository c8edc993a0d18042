/** Every unit is an exact multiple of a base unit: g, ml or piece (the API's app/units.py). */
const measures: Readonly<Record<string, { base: string; factor: number }>> = {
  g: { base: "g", factor: 1 },
  kg: { base: "g", factor: 1000 },
  ml: { base: "ml", factor: 1 },
  l: { base: "ml", factor: 1000 },
  tsp: { base: "ml", factor: 5 },
  tbsp: { base: "ml", factor: 15 },
  piece: { base: "piece", factor: 1 },
};

/** The units in which an ingredient may be measured that is sold by `base`. */
export const unitsOf = (base: string): string[] => Object.keys(measures).filter((unit) => measures[unit]?.base === base);

/** How many of its base unit it is; undefined for a unit that a later API added. */
export const factorOf = (unit: string): number | undefined => measures[unit]?.factor;
