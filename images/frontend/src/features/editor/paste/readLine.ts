import { inAscii, joint, numberOf, written } from "../../../components/numbers";
import { oneLine } from "../../../components/oneLine";
import { little } from "../../recipes/units";

/** One line of a pasted list of ingredients. */
export interface ReadLine {
  name: string;
  /** A number in the API's format; "" if there is none. */
  quantity: string;
  /** The API's unit; "" for no unit or another one, such as 모 or oz. */
  unit: string;
  /** The line, with numbers and units in ASCII. */
  text: string;
}

/** The longest first, because 큰술 ends with 술. T is a tablespoon, t is a teaspoon. */
const unitWords: readonly (readonly [unit: string, words: string])[] = [
  ["kg", "kg|Kg|KG|킬로그램|킬로"],
  ["g", "grams?|g|G|그램|그람"],
  ["ml", "milliliters?|millilitres?|ml|mL|ML|cc|밀리리터"],
  ["l", "liters?|litres?|l|L|리터"],
  ["tsp", "teaspoons?|tsps?\\.?|Tsp|작은 ?술|작은 ?스푼|작은 ?숟갈|티 ?스푼|찻숟가락|t|ts"],
  ["tbsp", "tablespoons?|[Tt]bsps?\\.?|TBSP|큰 ?술|큰 ?스푼|큰 ?숟갈|테이블 ?스푼|밥 ?숟가락|숟가락|밥 ?숟갈|숟갈|스푼|숟|T|Ts"],
  ["cup", "cups?|Cups?|종이컵|컵|C"],
  ["piece", "pieces?|pcs?|ea|EA|개|알|마리|장"],
];
const otherUnits = "모|대|공기|쪽|톨|줄기|줄|줌|봉지|봉|캔|토막|단|포기|통|송이|뿌리|조각|인분|근|방울|꼬집|덩이|병|팩|oz|ounces?|lbs?|pounds?|cloves?|cans?|slices?|handfuls?|pinch(?:es)?|sprigs?";
const units = [...unitWords.map(([, words]) => words), otherUnits].join("|");

const counted: Readonly<Record<string, number>> = { 반: 0.5, 한: 1, 두: 2, 세: 3, 네: 4, 다섯: 5 };
/** The mark of a range, for a character class. */
const to = "~～∼〜–-";
/** The first number of a range like 2~3; the cook can correct it. */
const amount = `(?:${written})(?: ?[${to}] ?(?:${written}))?`;
const number = `${amount}|${Object.keys(counted).join("|")}`;
const end = "(?![\\p{L}\\p{N}])";

/** A character that ends a number. */
const noNumber = `[^\\d\\s.,/⁄\\u00bc-\\u00be\\u2150-\\u215e${to}]`;
/** Between a name and its number: 간장: 2큰술, 간장 | 2큰술, 간장 …… 2큰술. */
const mark = " :：|=→_.…·‧–—-";
const between = `[${mark}]*?`;
/** 두부 150g, 간장 한 큰술, 설탕 1큰술 반; also 간장 501 2큰술, whose name ends with a number. */
const nameFirst = new RegExp(`^(?<name>.*?${noNumber}|${noNumber}.*?\\d(?= ))${between}(?<![\\d.,/⁄])(?<number>${number}) ?(?<unit>${units})(?<half> ?반)?${end}(?<rest>.*)$`, "u");
/** 2 tbsp of soy sauce, 2큰술 간장. */
const numberFirst = new RegExp(`^(?<number>${amount}) ?(?<unit>${units})${end}(?: of)? ?(?<name>.+)$`, "u");
/** 2 eggs. */
const bareFirst = new RegExp(`^(?<number>${written}) (?<name>\\p{L}.+)$`, "u");
/** 달걀 2. */
const bareLast = new RegExp(`^(?<name>.*?\\p{L}) ?(?<number>${written})$`, "u");

const littleWords = "약간씩|약간|조금씩|조금|적당량|적당히|적량|취향껏|소량|(?:한|두|[\\d/.]+) ?꼬집";
const isLittle = [
  new RegExp(`^(?<name>.+?)[,${mark}]*(?:${littleWords})$`, "u"),
  new RegExp(`^(?:${littleWords})(?:의)? (?<name>.+)$`, "u"),
  /^(?<name>.+?),? (?:to taste|as needed|a little|a pinch)$/iu,
  /^(?:a little|a pinch of|some) (?<name>.+)$/iu,
];

/** Reads a name, a quantity and a unit, in either order. An unreadable line is only a name. */
export function readLine(typed: string): ReadLine {
  const text = inAscii(oneLine(typed)).replaceAll(/\s+/gu, " ").replaceAll(joint, " ").replace(/^[^\p{L}\p{N}([½¼¾⅓⅔]+/u, "").replace(/[.,;]+$/u, "");
  // 두부 1/2모 (150 g): a weight or volume in brackets takes precedence.
  const bracketed = [...text.matchAll(/\(([^()]*)\)/gu)].map(([, inside = ""]) => inside);
  const plain = text.replaceAll(/\s*\([^()]*\)\s*/gu, " ").trim();
  const read = readPlain(plain) ?? { name: plain, quantity: "", unit: "" };
  const inside = bracketed.map((one) => readPlain(`x ${one}`)).find((one) => one !== undefined && one.unit !== "" && one.unit !== "piece");
  const better = inside && (read.unit === "" || read.unit === "piece") ? { quantity: inside.quantity, unit: inside.unit } : {};
  return { ...read, ...better, name: read.name || text, text };
}

function readPlain(text: string): Omit<ReadLine, "text"> | undefined {
  for (const pattern of isLittle) {
    const name = pattern.exec(text)?.groups?.["name"];
    if (name !== undefined) {
      return { name: name.trim(), quantity: "", unit: little };
    }
  }
  const measured = nameFirst.exec(text) ?? numberFirst.exec(text);
  if (measured) {
    const { name = "", number: found = "", unit: word = "", half } = measured.groups ?? {};
    const unit = unitWords.find(([, words]) => new RegExp(`^(?:${words})$`, "u").test(word))?.[0] ?? "";
    return { name: name.trim(), quantity: unit === "" ? "" : quantityOf(found, half !== undefined), unit };
  }
  const bare = bareFirst.exec(text) ?? bareLast.exec(text);
  const { name, number: found = "" } = bare?.groups ?? {};
  return name === undefined ? undefined : { name: name.trim(), quantity: quantityOf(found, false), unit: "piece" };
}

function quantityOf(found: string, half: boolean): string {
  const [first = ""] = found.split(new RegExp(`[${to}]`, "u"));
  const value = (counted[first.trim()] ?? numberOf(first)) + (half ? 0.5 : 0);
  return Number.isFinite(value) ? String(value) : "";
}
