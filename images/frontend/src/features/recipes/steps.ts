import { exactNumberOf, written } from "../../components/numbers";
import type { Locale } from "../../i18n";
import { numberFor } from "../../i18n/format";

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

const unit = "ml|mL|㎖|l|L|ℓ|리터|cc|㏄|kg|㎏|g|그램|tbsp|tsp|T|t|큰술|작은술|숟갈|스푼|컵|개(?!월)|알|쪽|마리|장";
const quantity = new RegExp(`(?<![\\d.,/⁄])(${written})(?:( ?[~–-] ?)(${written}))?( ?)(${unit})(?![A-Za-z]| ?(?:씩|당|짜리|들이))`, "gu");
/** Ingredients that many recipes use without listing them. */
const free = ["물", "육수", "쌀뜨물", "water", "stock"];

/**
 * A step for other servings. It scales only quantities next to the name of an ingredient (물 600 ml, 600 ml의 물). Times,
 * temperatures, lengths and quantities per piece (100 ml씩) stay.
 */
export function scaleText(text: string, ratio: number, ingredients: readonly string[], locale: Locale): Part[] {
  if (ratio === 1) {
    return [{ text, scaled: false }];
  }
  const names = [...free, ...ingredients];
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(quantity)) {
    const [whole, least = "", between = "", most = "", gap = "", name = ""] = match;
    const before = text.slice(0, match.index).replace(/[\s(:]*$/u, "");
    const after = text.slice(match.index + whole.length).replace(/^(?:의| of)? /u, "");
    const scaled = [least, most].map((one) => one && numberFor(exactNumberOf(one) * ratio, locale));
    if (names.some((one) => endsWith(before, one) || after.startsWith(one)) && !scaled.includes("NaN")) {
      parts.push({ text: text.slice(end, match.index), scaled: false });
      parts.push({ text: `${scaled[0]}${between}${scaled[1]}${gap}${name}`, scaled: true });
      end = match.index + whole.length;
    }
  }
  return [...parts, { text: text.slice(end), scaled: false }].filter((part) => part.text !== "");
}

/** 찬물 is water, but 나무 is not 무: of the one-syllable names, only 물 may be part of a word. */
const endsWith = (text: string, name: string): boolean =>
  text.endsWith(name) && (name.length > 1 || name === "물" || !/\p{L}$/u.test(text.slice(0, -name.length)));
