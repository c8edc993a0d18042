import { expect, test } from "vitest";
import { exactNumberOf, numberOf, readNumber } from "../src/components/numbers";
import { paragraphs } from "../src/components/oneLine";
import { isPer, isPrice } from "../src/features/prices/checks";

test.each([
  ["1/2", 0.5],
  ["1 1/2", 1.5],
  ["½", 0.5],
  ["1½", 1.5],
  ["1 ½", 1.5],
  ["⅓", 0.333],
  ["1⁄4", 0.25],
  ["1¹⁄₂", 1.5],
  ["1과 1/2", 1.5],
  ["2와 1/2", 2.5],
  ["1\u00a0+  1/2", 1.5],
  ["1과½", 1.5],
  ["1 + 1/2", 1.5],
  ["³/₄", 0.75],
  ["3 / 4", 0.75],
  [".5", 0.5],
  ["2.", 2],
  ["0.5", 0.5],
  [" 500 ", 500],
  ["4,900", 4900],
  ["1,000", 1000],
  ["1,234,567.5", 1_234_567.5],
  ["４９００", 4900],
  ["４，９００원", 4900],
  ["4900 원", 4900],
  ["₩4,900", 4900],
  ["4,900 won", 4900],
  ["1만", 10_000],
  ["1만원", 10_000],
  ["1만 5천", 15_000],
  ["1만5,000원", 15_000],
  ["1.5만", 15_000],
  ["3천", 3000],
  ["4\u200b900", 4900],
])("%s is %d", (typed, value) => {
  expect(numberOf(typed)).toBe(value);
});

test("a fraction has the API's precision, or is exact", () => {
  expect([numberOf("1 2/3"), exactNumberOf("1 2/3"), exactNumberOf("0.1234"), exactNumberOf("0,5")]).toEqual([1.667, 1 + 2 / 3, 0.1234, Number.NaN]);
});

test.each(["0,5", "1,5", "1,00", "10,00", "0,500", "1,0000", "1.000,5", ",5"])("%s is ambiguous", (typed) => {
  expect(readNumber(typed).problem).toBe("comma");
});

test.each(["", " ", ".", "1/0", "/2", "1/", "-1", "1e3", "1.2.3", "반", "만", "한 개", "1 2", "1 2 3/4", "원", "NaN", "Infinity", "5²", "H₂", "1과 2", "1 + 2"])("%s is not a number", (typed) => {
  expect(readNumber(typed).problem).toBe("malformed");
});

test("prices and quantities are read as people write them", () => {
  expect(["4,900", "4,900원", "1만", "４９００"].every(isPrice)).toBe(true);
  expect(["4,9", "1/2", "0.5", "0원", "1001만"].some(isPrice)).toBe(false);
  expect(["1/2", "½", ".5", "1,000"].every(isPer)).toBe(true);
  expect(["0,5", "0.1234", "1/100"].some(isPer)).toBe(false);
});

test("line ends are kept, with at most one empty line in between, and invisible text is removed", () => {
  expect(paragraphs(" 가 \r\n\t나\u2028다\n\n\n\n라\u0000\n")).toBe("가\n나\n다\n\n라");
  expect(paragraphs("\n \u3164\n")).toBe("");
});
