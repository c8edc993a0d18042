import { expect, test } from "vitest";
import { isNarrowed, readFilters, writeFilters } from "../src/features/recipes/filters";

test("filters are the same after a round trip through the URL", () => {
  const filters = { q: "김치 찌개", tag: "국", ingredient: [12, 15], maxMinutes: 30, minCost: 0, maxCost: 5000, sort: "cheapest" as const };
  expect(readFilters(writeFilters(filters))).toEqual(filters);
});

test("invalid values in the URL are ignored", () => {
  expect(readFilters(new URLSearchParams("q=%20&tag=&maxMinutes=-5&minCost=1e9&maxCost=0&sort=random&ingredient=0&ingredient=x"))).toEqual({});
  const many = Array.from({ length: 12 }, (_, place) => `ingredient=${place + 1}`).join("&");
  expect(readFilters(new URLSearchParams(`ingredient=3&ingredient=3&${many}`)).ingredient, "once each, and no more than the API takes").toHaveLength(10);
});

test("a value beyond the API's limits is ignored or shortened", () => {
  const url = new URLSearchParams({ q: `${"가".repeat(99)}🍲🍲`, tag: `${"국".repeat(19)}🍲🍲`, maxMinutes: "10081", minCost: "1000000001", maxCost: "1000000000" });
  expect(readFilters(url)).toEqual({ q: `${"가".repeat(99)}🍲`, tag: `${"국".repeat(19)}🍲`, maxCost: 1_000_000_000 });
  expect(readFilters(new URLSearchParams("maxMinutes=10080"))).toEqual({ maxMinutes: 10_080 });
});

test("the default order is not in the URL, and an order is not a filter", () => {
  expect(writeFilters({ sort: "newest", q: "" }).toString()).toBe("");
  expect(isNarrowed({ sort: "dearest" })).toBe(false);
  expect(isNarrowed({ minCost: 0 })).toBe(true);
});
