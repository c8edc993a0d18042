import { expect, test } from "vitest";
import { exactNumberOf, numberOf, readNumber } from "../src/components/numbers";
import { oneLine, paragraphs } from "../src/components/oneLine";
import { isPer, isPrice } from "../src/features/prices/checks";
import { commonTexts } from "../src/i18n/common";
import { wrongNumber } from "../src/i18n/wrongNumber";

const { error } = commonTexts.ko;

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
  ["5백", 500],
  ["５백원", 500],
  ["5천5백원", 5500],
  ["2만 3천 5백", 23_500],
  ["1만 5백", 10_500],
  ["3백50", 350],
  ["1.5백", 150],
  ["KRW 4,900", 4900],
  ["4,900 KRW", 4900],
  ["krw4900", 4900],
  ["4,900₩", 4900],
])("%s is %d", (typed, value) => {
  expect(numberOf(typed)).toBe(value);
});

test("a fraction has the API's precision, or is exact", () => {
  expect([numberOf("1 2/3"), exactNumberOf("1 2/3"), exactNumberOf("0.1234"), exactNumberOf("0,5")]).toEqual([1.667, 1 + 2 / 3, 0.1234, Number.NaN]);
});

test.each(["0,5", "1,5", "1,00", "10,00", "0,500", "1,0000", "1.000,5", ",5"])("%s is ambiguous", (typed) => {
  expect(readNumber(typed).problem).toBe("comma");
});

test.each(["", " ", ".", "1/0", "/2", "1/", "-1", "1e3", "1.2.3", "반", "만", "백", "5백3천", "KRW", "한 개", "1 2", "1 2 3/4", "원", "NaN", "Infinity", "5²", "H₂", "1과 2", "1 + 2"])("%s is not a number", (typed) => {
  expect(readNumber(typed).problem).toBe("malformed");
});

test.each([
  ["", "limits"],
  ["0", "limits"],
  ["-1", "limits"],
  ["100001", "limits"],
  ["0,5", error.comma],
  ["반", `${error.malformed} limits`],
  ["2~3", `${error.malformed} limits`],
  ["0.1234", `${error.decimals} limits`],
  ["1.00001", `${error.decimals} limits`],
])("the message for the invalid number %j has its reason", (typed, message) => {
  expect(wrongNumber(typed, "limits", commonTexts.ko, 3)).toBe(message);
});

test("a field of whole numbers asks for no decimals", () => {
  expect(wrongNumber("0.1234", "limits", commonTexts.ko)).toBe("limits");
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

test("a line is in NFC, without invisible characters, with spaces for blank ones, and with whole emoji", () => {
  expect(oneLine("\u200b두부\u3164한\u2800모\u00ad\ufeff".normalize("NFD"))).toBe("두부 한 모");
  expect(oneLine("👨‍🍳 1️⃣")).toBe("👨‍🍳 1️⃣");
});
