import { expect, test } from "vitest";
import { formatQuantity, formatWon } from "../src/i18n/format";
import { recipesTexts } from "../src/i18n/recipes";

const { ko, en } = recipesTexts;

test.each([
  [0, "0원", "₩0"],
  [950, "950원", "₩950"],
  [3200, "3,200원", "₩3,200"],
  [1234567, "1,234,567원", "₩1,234,567"],
])("%d won", (won, korean, english) => {
  expect(formatWon(won, "ko")).toBe(korean);
  expect(formatWon(won, "en")).toBe(english);
});

test.each([
  [300, "g", "300 g", "300 g"],
  [1500, "ml", "1,500 ml", "1,500 ml"],
  [0.5, "l", "0.5 L", "0.5 L"],
  [0.004, "kg", "4 g", "4 g"],
  [0.015, "l", "15 ml", "15 ml"],
  [0.125, "kg", "0.125 kg", "0.125 kg"],
  [2.375, "g", "2.375 g", "2.375 g"],
  [0.001, "tsp", "0.001작은술", "0.001 tsp"],
  [0.0013333, "kg", "1.33 g", "1.33 g"],
  [0.000333, "tsp", "0.0003작은술", "0.0003 tsp"],
  [2, "tbsp", "2큰술", "2 tbsp"],
  [1 / 3, "tsp", "0.33작은술", "0.33 tsp"],
  [0.5, "piece", "0.5개", "0.5"],
  [1, "cup", "1컵", "1 cup"],
  [0, "little", "약간", "a little"],
  [1, "pint", "1 pint", "1 pint"],
])("%d %s", (quantity, unit, korean, english) => {
  expect(formatQuantity(quantity, unit, "ko", ko.units)).toBe(korean);
  expect(formatQuantity(quantity, unit, "en", en.units)).toBe(english);
});
