import { expect, test } from "vitest";
import { comparable } from "../src/features/prices/comparable";
import { stepsOf } from "../src/features/prices/chart";
import { approximate, exact, over, plus, roundHalfUp, times } from "../src/features/recipes/exact";
import { scale } from "../src/features/recipes/scale";
import { sharesOf } from "../src/features/recipes/shares";
import { unitsOf } from "../src/features/recipes/units";
import { recipe } from "./support/catalogue";

test.each([
  [0.1, 1n, 10n],
  [300, 300n, 1n],
  [1e-7, 1n, 10_000_000n],
  [1.5e21, 15n * 10n ** 20n, 1n],
])("%d is read as its exact decimal number", (value, top, bottom) => {
  const { top: a, bottom: b } = exact(value);
  expect(a * bottom).toBe(top * b);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("%d is not a quantity", (value) => {
  expect(() => exact(value)).toThrow(`got ${value}`);
});

test("halves are rounded up, once, unlike in floating point", () => {
  expect(1.005 * 1000, "what this guards against").toBeLessThan(1005);
  expect(roundHalfUp(times(exact(1.005), exact(100)))).toBe(101);
  expect(roundHalfUp(exact(0.5))).toBe(1);
  expect(roundHalfUp(exact(0.499_999))).toBe(0);
  expect(roundHalfUp(plus(exact(0.1), exact(0.4)))).toBe(1);
  expect(() => over(exact(1), exact(0))).toThrow("division by 0");
});

test("for the original servings a recipe has the API's cost", () => {
  const { lines, total } = scale(recipe, recipe.servings);
  expect(lines).toEqual(recipe.ingredients);
  expect(total).toBe(recipe.totalCost);
  expect(lines.map(({ cost }) => cost)).toEqual([2400, 900, 3101]);
});

test("for other servings the exact sum is rounded, and not the sum of rounded lines", () => {
  const third = { ingredientId: 1, name: "쌀", quantity: 1, unit: "kg", cost: 1, price: 1, per: 1000, priceUnit: "g" };
  const three = { servings: 3, ingredients: [third, { ...third, ingredientId: 2 }, { ...third, ingredientId: 3 }] };
  const { lines, total } = scale(three, 1);
  expect(lines.map(({ cost }) => cost), "a third of a won each").toEqual([0, 0, 0]);
  expect(total).toBe(1);
  expect(lines[0]?.quantity).toBe(0.333_333);
  expect(scale(recipe, 4).total, "6,400.9 doubled").toBe(12_802);
  expect(scale(recipe, 1).lines[0]).toMatchObject({ quantity: 150.025, cost: 1200 });
});

test("spoons and kilograms are exact multiples of the priced unit", () => {
  const line = { ingredientId: 1, name: "간장", cost: 0, price: 1000, per: 1000, priceUnit: "ml" };
  const costIn = (unit: string) => scale({ servings: 1, ingredients: [{ ...line, quantity: 2, unit }] }, 1).total;
  expect([costIn("ml"), costIn("tsp"), costIn("tbsp"), costIn("l")]).toEqual([2, 10, 30, 2000]);
  expect(unitsOf("ml")).toEqual(["ml", "l", "tsp", "tbsp", "cup", "g", "kg", "little"]);
  expect(unitsOf("piece")).toEqual(["piece", "little"]);
});

test("a line in a unit of a later API has the API's cost in proportion", () => {
  const cups = { ingredientId: 1, name: "간장", quantity: 2, unit: "pint", cost: 361, price: 1000, per: 1000, priceUnit: "ml" };
  const { lines, total } = scale({ servings: 2, ingredients: [cups] }, 1);
  expect(lines).toEqual([{ ...cups, quantity: 1, cost: 181 }]);
  expect(total).toBe(181);
});

test("the chart shows the most expensive lines, and the others as one part", () => {
  const lines = [5, 30, 0, 20, 10, 15, 12, 8].map((cost, place) => ({ name: `재료 ${place}`, cost }));
  const shares = sharesOf(lines, 4);
  expect(shares.map(({ name, cost }) => [name, cost])).toEqual([
    ["재료 1", 30],
    ["재료 3", 20],
    ["재료 5", 15],
    [null, 35],
  ]);
  expect(approximate(plus(exact(0.3), exact(0.7)))).toBe(1);
  expect(shares.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1);
  expect(sharesOf(lines, 7).map(({ name }) => name), "all seven that cost something fit").not.toContain(null);
  expect(sharesOf([{ name: "물", cost: 0 }])).toEqual([]);
});

test("prices of different packs are compared for the same quantity", () => {
  const prices = [
    { price: 1000, per: 300, at: "2026-01-01T00:00:00Z" },
    { price: 5, per: 10, at: "2026-02-01T00:00:00Z" },
  ];
  expect(comparable(prices, 100).map(({ won }) => won)).toEqual([333, 50]);
  expect(comparable(prices, 1).map(({ won }) => won), "half a won is rounded up").toEqual([3, 1]);
});

test("a price is valid until the next one", () => {
  const point = (day: number, won: number) => ({ at: new Date(day).toISOString(), won });
  expect(stepsOf([point(0, 100), point(50, 300), point(75, 200)], 100)).toEqual({ path: "M0 100H50V0H75V50H100", low: 100, high: 300 });
  expect(stepsOf([point(0, 100)], 100).path, "one price is a level line").toBe("M0 50H100");
  expect(stepsOf([point(7, 100)], 7).path, "even where no time has passed").toBe("M0 50H100");
});
