import { exactNumberOf, inAscii, written } from "../../components/numbers";
import type { Locale } from "../../i18n";
import { numberFor } from "../../i18n/format";
import { korean, unitPatterns } from "./unitWords";

export interface Section {
  /** Undefined for the steps before the first heading. */
  title?: string;
  steps: { number: number; text: string }[];
}

/** [양념장], 【양념장】, <양념장>, or 양념장: on a separate line. */
const heading = /^\s*(?:\[([^\]]+)\]|【([^】]+)】|<([^>]+)>|([^.!?:：]{1,40})[:：])\s*$/u;

/** The steps grouped by headings, numbered consecutively. A heading is not a step. */
export function sectionsOf(steps: readonly string[]): Section[] {
  const sections: Section[] = [];
  let number = 0;
  for (const step of steps) {
    const [first = "", ...rest] = step.split("\n");
    const title = heading.exec(first)?.slice(1).find(Boolean)?.trim();
    const text = title ? rest.join("\n").trim() : step;
    if (title || sections.length === 0) {
      sections.push({ ...(title && { title }), steps: [] });
    }
    if (text) {
      number += 1;
      sections.at(-1)?.steps.push({ number, text });
    }
  }
  return sections;
}

export interface Part {
  text: string;
  /** Whether the quantity was scaled to the servings. */
  scaled: boolean;
}

const unit = `${unitPatterns.map(([, words]) => words).join("|")}|쪽|모|톨`;
/** Ranges such as 한두 are left out: they have no exact number. */
const words = Object.keys(korean).filter((word) => !/^(?:한두|두세|두어|서너)$/u.test(word)).join("|");
/** Shapes and sides: 네모 and 한쪽. But 마늘 한쪽 is a clove. */
const shape = "[세네]모|(?<!(?:마늘|생강)[을은도]? ?)[한반] ?쪽";
const number = `${written}|(?<![가-힣])(?!${shape})(?:${words})`;
const perPiece = " ?(?:씩|당(?!근|면)|짜리|들이|each)";
/** 물을 2 l 냄비에: what may be the size of the vessel. */
const volume = new RegExp(`^ ?(?:${unitPatterns.filter(([name]) => /^m?l$/u.test(name)).map(([, words]) => words).join("|")})$`, "u");
const vessel = /^ ?(?:냄비|용기|볼|팬|병)/u;
/** Degrees (100 C), what a thing is cut into (4장으로, 4쪽 내어), sips (모금), corners (모서리) and sides (2쪽 면). */
const noMeasure = "[Cc](?![A-Za-z])|(?:개|알|쪽|마리|장|모)(?:으로|로)|모(?:금|서리|나|난|지|진|양| 모양)|쪽(?:에|이 | ?면| ?[내낸])";
/** 600 ml, 500~600 ml, 600ml~700ml, 한 큰술, 2컵 반; without a unit only before a word: 2 eggs. */
const quantity = new RegExp(
  `(?<![\\d.,/⁄])(?:(?<first>${number})(?<firstUnit> ?(?:${unit}))?(?<between> ?(?:[~～∼〜–-]|에서|또는) ?| (?:to|or) ))?(?<last>${number})(?:(?<unit> ?(?!${noMeasure})(?:${unit}))(?<half> ?반(?=[을를과와이은도\\s,.)]|정도|$))?(?![A-Za-z]|${perPiece})|(?= \\p{Script=Latin}))`,
  "gu",
);
/** Ingredients that many recipes use without listing them. */
const free = ["물", "육수", "쌀뜨물", "water", "stock"];
/** Between two measures of one ingredient: 600ml(3컵), 2큰술과 1작은술. */
const further = /^(?: ?[(+/=] ?| ?(?:과|와|하고|and|plus) | )$/u;

/**
 * A step for other servings. It scales only quantities next to the name of an ingredient (물 600 ml, 물을 약 600 ml, 600 ml의 물).
 * Times, temperatures, lengths and quantities per piece (100 ml씩) stay.
 */
export function scaleText(text: string, ratio: number, ingredients: readonly string[], locale: Locale): Part[] {
  if (ratio === 1) {
    return [{ text, scaled: false }];
  }
  const names = [...free, ...ingredients].map(patternOf);
  const isBefore = new RegExp(`(?:${names.join("|")})(?<particle>[을를은는이가도만])?[\\s([:]*(?:(?:약|대략|about) ?)?$`, "iu");
  const isAfter = new RegExp(`^(?:의| of)? (?:${names.join("|")})`, "iu");
  const scaled = (typed: string, half = 0): string => numberFor(((korean[typed] ?? exactNumberOf(typed)) + half) * ratio, locale);
  const parts: Part[] = [];
  let end = 0;
  // Full-width characters are matched in ASCII; each remains one character.
  for (const match of text.replaceAll(/[\uff01-\uff5e]/gu, inAscii).matchAll(quantity)) {
    const { first, firstUnit = "", between = "", last = "", unit: name = "", half } = match.groups ?? {};
    const whole = `${first === undefined ? "" : `${scaled(first)}${firstUnit}${between}`}${scaled(last, half === undefined ? 0 : 0.5)}${name}`;
    const after = text.slice(match.index + match[0].length);
    const before = isBefore.exec(text.slice(0, match.index));
    const follows = name !== "" && (before !== null || (end > 0 && further.test(text.slice(end, match.index))));
    const sizesVessel = volume.test(name) && vessel.test(after) && (before === null || before.groups?.particle !== undefined);
    const belongs = isAfter.test(after) || (follows && !sizesVessel);
    if (belongs && !repeats(match[0], after) && !whole.includes("NaN")) {
      parts.push({ text: text.slice(end, match.index), scaled: false });
      parts.push({ text: whole, scaled: true });
      end = match.index + match[0].length;
    }
  }
  return [...parts, { text: text.slice(end), scaled: false }].filter((part) => part.text !== "");
}

/** 한 장 한 장 굽는다: one by one. */
const repeats = (quantityText: string, after: string): boolean => after.replaceAll(/[\s,]/gu, "").startsWith(quantityText.replaceAll(/\s/gu, ""));

/**
 * A name in a text, in any case and with any spaces: 다진마늘 is 다진 마늘. 찬물 is water, but 나무 is not 무: of the one-syllable
 * names, only 물 may be part of a word. A Latin name is a whole word, also in the plural.
 */
function patternOf(name: string): string {
  const letters = [...name.replaceAll(/\s+/gu, "")].map((letter) => letter.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, "\\$&"));
  if (/^\p{Script=Latin}/u.test(name)) {
    return `(?<!\\p{L})${letters.join("\\s*").replace(/\\s\*s$/u, "")}(?:e?s)?(?!\\p{L})`;
  }
  return `${letters.length > 1 || name === "물" ? "" : "(?<!\\p{L})"}${letters.join("\\s*")}`;
}
