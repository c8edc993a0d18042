import { inAscii, joint, numberOf, written } from "../../../components/numbers";
import { oneLine } from "../../../components/oneLine";
import { anyCase, korean, otherUnits, unitPatterns } from "../../recipes/unitWords";
import { little } from "../../recipes/units";

/** One line of a pasted list of ingredients. */
export interface ReadLine {
  name: string;
  /** A number in the API's format; "" if there is none. */
  quantity: string;
  /** The API's unit; "" for no unit or another one, such as 모 or oz. */
  unit: string;
  /** Whether the line has a measure, also one in another unit. */
  measured: boolean;
  /** The line, with numbers and units in ASCII. */
  text: string;
}

const units = [...unitPatterns, ...otherUnits.map((words) => ["", words])].map(([, words]) => words).join("|");
const english: Readonly<Record<string, number>> = { "half an": 0.5, "half a": 0.5, half: 0.5, an: 1, a: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10 };
/** The mark of a range, for a character class. */
const to = "~～∼〜–-";
const or = `(?: ?(?:[${to}]|에서|또는|혹은|이나|내지|or|to) ?)`;
const counted = `${written}|${Object.keys(korean).join("|")}`;
const end = "(?![\\p{L}\\p{N}])";
/** 2큰술씩, about the same as 2큰술. */
const vague = "(?: ?(?:씩|정도|쯤|가량|분량|내외|만))?";
/** 2~3큰술, 2큰술~3큰술, 200g/7oz; also with 반: 1큰술 반. */
const measureOf = (number: string): string => `(?:(?:${number}) ?(?:${units})(?:${or}| ?[/=≒] ?)|(?:${written})${or})?(?:${number}) ?(?:${units})(?: ?반)?(?:의(?= ))?${vague}(?:${end}|(?=(?:과|와|하고) ))`;
const measure = measureOf(counted);
/** A character that ends a number. */
const noNumber = `[^\\d\\s.,/⁄\\u00bc-\\u00be\\u2150-\\u215e${to}]`;
/** Between a name and its number: 간장: 2큰술, 간장 | 2큰술, 간장 …… 2큰술. */
const mark = " :：|=→_.…·‧–—-";
const between = `[${mark}]*?`;
/** A number after a Latin letter belongs to the name if a measure follows: 콩가루 b64c 2큰술. */
const outsideCodes = `(?<![A-Za-z](?=\\S+ (?:${measure})))`;
/** 두부 150g, 간장 한 큰술, 설탕 1큰술 반; also 간장 501 2큰술, whose name ends with a number. */
const nameFirst = new RegExp(`^(?<name>.*?${noNumber}|${noNumber}.*?\\d(?= ))${between}(?<![\\d.,/⁄])${outsideCodes}(?<measure>${measure})(?<rest>.*)$`, "u");
const withWords = `${counted}|${anyCase(Object.keys(english).join("|")).join("|")}`;
/** The parts of a measure: the first number and its unit, and the last ones. */
const parts = new RegExp(`^(?:(?<first>${withWords})(?: ?(?<firstUnit>${units})(?:${or}| ?[/=≒] ?)|${or}))?(?<number>${withWords}) ?(?<unit>${units})(?<half> ?반)?의?${vague}$`, "u");
/** 2 tbsp of soy sauce, a cup of rice, 2큰술 간장. */
const numberFirst = new RegExp(`^(?<measure>${measureOf(withWords)})(?: of)?(?<name> ?.+)$`, "u");
/** 간장 큰술 2. */
const unitFirst = new RegExp(`^(?<name>.*\\p{L}) (?=[가-힣]|\\p{L}{2})(?<unit>${units})(?:으로)?[${mark}]*(?<number>${written})$`, "u");
const bare = `(?:${written})(?:${or}(?:${written}))?`;
/** 2 eggs. */
const bareFirst = new RegExp(`^(?<number>${bare}) (?<name>\\p{L}.+)$`, "u");
/** 달걀 2. */
const bareLast = new RegExp(`^(?<name>.*?\\p{L}) ?(?<number>${bare})$`, "u");
/** A further measure, such as that of 2큰술 + 1작은술. */
const further = new RegExp(`^[ ,+&]*(?:(?:과|와|하고|and|plus) )?(?<measure>${measure})(?<rest>.*)$`, "u");
/** The measure of something else: 두부 1모 간장 2큰술. */
const another = new RegExp(`(?<![\\d.,/⁄])(?:${measure})`, "u");
/** A factor: 200g x 2, 2 x 200g. */
const factor = /^[\d.]* ?[x×✕*] ?\d/iu;

const wished = "(?:취향|입맛|기호)(?:껏|대로|에 ?맞게|에 ?따라)";
const littleWords = `(?:약간|조금|적당량|적당히|적량|소량|넉넉히|넉넉하게|듬뿍|살짝|톡톡|원하는 ?만큼|${wished}|(?:한|두|세|[\\d/.]+) ?꼬집)(?:씩|만|만큼)?`;
const isLittle = [
  new RegExp(`^(?<name>.+?)[,${mark}]*(?:${littleWords})$`, "u"),
  new RegExp(`^(?:${littleWords})(?:의)? (?<name>.+)$`, "u"),
  /^(?<name>.+?),? (?:to taste|as (?:needed|required|desired)|a (?:little|bit|pinch|dash))$/iu,
  /^(?<name>[^\d½¼¾⅓⅔]+?),? (?:(?:for|to) (?:garnish|serve|serving|garnishing|topping|sprinkling|dusting|frying|greasing)|optional)$/iu,
  /^(?:a (?:little|bit|pinch|dash)(?: of)?|some) (?<name>.+)$/iu,
];

/** What says nothing about the quantity: 약 2큰술, 종이컵 2컵. */
const fillers = [
  new RegExp(`(?<![\\p{L}\\p{N}])(?:약|대략|about|approx(?:imately|\\.)?|around|roughly) ?(?=${counted})`, "giu"),
  new RegExp(`(?<= )(?:종이|계량|머그|밥|어른|아빠)? ?(?:컵|스푼|숟가락|숟갈|수저)(?:으로|로| ?기준)? ?(?=(?:${counted}) ?(?:컵|큰|작은|스푼|숟|수저|술|T|t))`, "gu"),
];

/** Brackets of all forms as (…), except those before the name; without brackets around a unit: 간장(큰술) 2. */
export const inRoundBrackets = (text: string): string =>
  text.replaceAll(/(?<!^)[[{【〔<〈「『]([^\]}】〕>〉」』]*)[\]}】〕>〉」』]/gu, "($1)").replaceAll(new RegExp(`\\s*\\((${units})\\)\\s*`, "gu"), " $1 ").trim();

/** Patterns take a time that grows faster than the line, so a longer line is only text. */
const longestLine = 200;

/** Reads a name, a quantity and a unit, in either order. An unreadable line is only a name. */
export function readLine(typed: string): ReadLine {
  const text = inAscii(oneLine(typed)).replaceAll(/\s+/gu, " ").replaceAll(joint, " ").replace(/^[^\p{L}\p{N}([½¼¾⅓⅔]+/u, "").replace(/[.,;]+$/u, "");
  if (text.length > longestLine) {
    return { name: text, quantity: "", unit: "", measured: false, text };
  }
  // 두부 1/2모 (150 g): a weight or volume in brackets takes precedence.
  const rounded = inRoundBrackets(text);
  const bracketed = [...rounded.matchAll(/\(([^()]*)\)/gu)].map(([, inside = ""]) => inside);
  const plain = withoutBrackets(rounded);
  const read = readPlain(plain) ?? { name: plain, quantity: "", unit: "", measured: false };
  const inside = bracketed.map((one) => readPlain(`x ${one}`)).find((one) => one !== undefined && isVolumeOrWeight(one.unit));
  const better = inside && !isVolumeOrWeight(read.unit) && read.unit !== little ? { quantity: inside.quantity, unit: inside.unit, measured: true } : {};
  const isALittle = !read.measured && bracketed.some((one) => readPlain(`x ${one}`)?.unit === little);
  return { ...read, ...better, ...(isALittle && { unit: little, measured: true }), name: read.name || text, text };
}

/** Whether a line begins with a number and a unit: 1 cup rice, but not 1 두부 150g. */
export const startsWithMeasure = (text: string): boolean => numberFirst.test(text.slice(0, longestLine));

/** The text without (…). */
export const withoutBrackets = (text: string): string => text.replaceAll(/\s*\([^()]*\)\s*/gu, " ").trim();

const isVolumeOrWeight = (unit: string): boolean => unit !== "" && unit !== "piece" && unit !== little;

function readPlain(text: string): Omit<ReadLine, "text"> | undefined {
  const plain = fillers.reduce((before, filler) => before.replaceAll(filler, ""), text);
  for (const pattern of isLittle) {
    const name = pattern.exec(plain)?.groups?.["name"];
    // 참깨 1큰술 넉넉히 is a tablespoon.
    if (name !== undefined && !nameFirst.test(name)) {
      return { name: name.trim(), quantity: "", unit: little, measured: true };
    }
  }
  if (/^\d/u.test(plain) && factor.test(plain)) {
    return undefined;
  }
  const first = numberFirst.exec(plain)?.groups;
  if (first) {
    const { rest, ...amount } = amountOf(first["measure"] ?? "", first["name"] ?? "");
    return { ...amount, name: rest.replace(/^ ?of /u, "").trim() };
  }
  const last = nameFirst.exec(plain)?.groups;
  if (last) {
    const { rest: _, ...amount } = amountOf(last["measure"] ?? "", last["rest"] ?? "");
    return { ...amount, name: (last["name"] ?? "").trim() };
  }
  const reversed = unitFirst.exec(plain)?.groups;
  if (reversed) {
    const { name = "", unit = "", number = "" } = reversed;
    return { name: name.trim(), quantity: quantityOf(number, false), unit: unitOf(unit), measured: true };
  }
  const { name, number = "" } = (bareFirst.exec(plain) ?? bareLast.exec(plain))?.groups ?? {};
  return name === undefined ? undefined : { name: name.trim(), quantity: quantityOf(number.split(new RegExp(or, "u"))[0] ?? "", false), unit: "piece", measured: true };
}

type Measure = Pick<ReadLine, "quantity" | "unit" | "measured"> & { rest: string };

/** Of a range and of 7oz/200g the first with a known unit. Several measures stay open, except the weight of 감자 1개 150g. */
function amountOf(measured: string, rest: string): Measure {
  const { first, firstUnit, number = "", unit = "", half } = parts.exec(measured)?.groups ?? {};
  const lower = unitOf(firstUnit ?? unit);
  const isLower = first !== undefined && (lower !== "" || unitOf(unit) === "");
  const known = isLower ? lower : unitOf(unit);
  const next = further.exec(rest)?.groups;
  if (next) {
    const more = amountOf(next["measure"] ?? "", next["rest"] ?? "");
    return isVolumeOrWeight(more.unit) && !isVolumeOrWeight(known) ? more : { quantity: "", unit: "", measured: true, rest: more.rest };
  }
  if (known === "" || factor.test(rest) || another.test(rest)) {
    // 밥 한 공기 뚝딱 may be any text.
    return { quantity: "", unit: "", measured: rest.trim() === "" || /^\d/u.test(measured), rest };
  }
  return { quantity: quantityOf(isLower ? first : number, half !== undefined && !isLower), unit: known, measured: true, rest };
}

/** The API's unit; "" for another one. */
const unitOf = (word: string): string => wholeWords.find(([, pattern]) => pattern.test(word))?.[0] ?? "";
const wholeWords = unitPatterns.map(([unit, words]) => [unit, new RegExp(`^(?:${words})$`, "u")] as const);

function quantityOf(found: string, half: boolean): string {
  const value = (korean[found] ?? english[found.toLowerCase()] ?? numberOf(found)) + (half ? 0.5 : 0);
  return Number.isFinite(value) ? String(value) : "";
}
