import { exact, over, times, zero, type Fraction } from "./exact";

/** Every unit is an exact multiple of a base unit: g, ml or piece (the API's app/units.py). */
const measures: Readonly<Record<string, { base: string; factor: number }>> = {
  g: { base: "g", factor: 1 },
  kg: { base: "g", factor: 1000 },
  ml: { base: "ml", factor: 1 },
  l: { base: "ml", factor: 1000 },
  tsp: { base: "ml", factor: 5 },
  tbsp: { base: "ml", factor: 15 },
  cup: { base: "ml", factor: 200 },
  piece: { base: "piece", factor: 1 },
};

/** "A little": no quantity and no cost. */
export const little = "little";

/** The base unit in which an ingredient is sold, and the weight of 15 ml in g, if known. */
export interface Sale {
  unit: string;
  tablespoonGrams?: number | null | undefined;
}

/** The units for an ingredient that is sold by `base`: first those of the base, then those that need a weight. */
export const unitsOf = (base: string): string[] => {
  const units = Object.keys(measures);
  const own = units.filter((unit) => measures[unit]?.base === base);
  return [...own, ...units.filter((unit) => isOther(unit, base)), little];
};

/** Whether one unit is a weight and the other a volume. */
const isOther = (unit: string, base: string): boolean => {
  const measured = measures[unit]?.base;
  return measured !== undefined && measured !== base && measured !== "piece" && base !== "piece";
};

/** Whether the cost of a quantity in this unit requires the weight of a tablespoon. */
export const lacksWeight = (unit: string, { unit: base, tablespoonGrams }: Sale): boolean => isOther(unit, base) && !tablespoonGrams;

/** The exact quantity in the unit of sale; undefined for units of a later API version. */
export function amountOf(quantity: number, unit: string, { unit: base, tablespoonGrams }: Sale): Fraction | undefined {
  if (unit === little) {
    return zero;
  }
  const measure = measures[unit];
  if (!measure) {
    return undefined;
  }
  const measured = times(exact(quantity), exact(measure.factor));
  if (!isOther(unit, base)) {
    return measured;
  }
  if (!tablespoonGrams) {
    return undefined;
  }
  const gramsPerMl = over(exact(tablespoonGrams), exact(15));
  return base === "g" ? times(measured, gramsPerMl) : over(measured, gramsPerMl);
}
