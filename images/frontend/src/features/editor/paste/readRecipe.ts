import { inAscii } from "../../../components/numbers";
import { oneLine, paragraphs } from "../../../components/oneLine";
import { little } from "../../recipes/units";
import { readLine, type ReadLine } from "./readLine";

export type { ReadLine } from "./readLine";

/** A pasted recipe: each line of the text is in one of these fields, except the label of a shop's link. */
export interface ReadRecipe {
  title: string;
  summary: string;
  servings: string;
  cookMinutes: string;
  lines: ReadLine[];
  steps: string[];
}

type Section = "head" | "ingredients" | "steps";

const ingredientWords = /^(?:(?:주|필수|선택|부|추가|기본)? ?재료|준비물|양념(?:장|류)?(?: ?재료)?|소스(?: ?재료)?|육수(?: ?재료)?|고명|밑간|반죽|드레싱|ingredients?|(?:for the )?(?:sauce|seasoning|dressing|marinade|garnish))$/iu;
const stepWords = /^(?:만드는 ?(?:법|방법|순서)|조리 ?(?:법|순서|방법|과정)|요리 ?(?:법|순서|과정)|만들기|순서|방법|method|directions?|instructions?|steps?|preparation|how to (?:make|cook)(?: it)?)$/iu;
const servingsWords = /(\d+)(?: ?[~–-] ?\d+)? ?(?:인분|servings?|people|persons?)|(?:serves|servings?|yields?):? ?(\d+)/iu;
const timeWords = /(?:(\d+) ?(?:시간|hours?|hrs?|h))? ?(?:(\d+) ?(?:분|minutes?|mins?))?/iu;
const timeLabel = /(?:조리|소요|요리|걸리는)? ?시간|(?:cook(?:ing)?|total|prep(?:aration)?)? ?time/iu;
/** A check box or a group before an ingredient: [ ] 두부, [양념] 간장. */
const group = /^\[[^\]]{0,12}\]\s*/u;
/** The text of a shop's link after each ingredient of a recipe site. */
const shopLink = "구매";
/** 1. and 1) and ① and 1️⃣ and Step 1 and 1단계; also 1 alone or before a sentence (1 물을 끓인다). */
const numbered = /^(?:\d{1,2}$|\d\ufe0f?\u20e3|\d{1,2} (?=.*[을를이가에은는로와과] .*[다요][.!]?$)|(?:step|단계|순서) ?\d{1,2} ?[.:)]?|\d{1,2} ?(?:단계|번) ?[.:)]?|\d{1,2} ?[.)](?!\d)|\(\d{1,2}\)|[\u2460-\u2473])\s*/iu;
const bullet = /^[-*•·▪■□●○◦‣▶►➤✔☑#※★☆]+\s*/u;

/** Splits a text into a title, ingredients and steps: by headings if it has some, otherwise by the form of its lines. */
export function readRecipe(text: string): ReadRecipe {
  const recipe: ReadRecipe = { title: "", summary: "", servings: "", cookMinutes: "", lines: [], steps: [] };
  const rows = paragraphs(inAscii(text))
    .split("\n")
    .filter((row) => row !== shopLink);
  const usesNumbers = rows.some((row) => numbered.test(row) && !isShortMeasure(row));
  const listed = rows.some((row) => headingOf(row)?.section === "ingredients");
  let section: Section = "head";
  let afterBlank = false;
  let joins = false;
  for (const row of rows) {
    if (row === "") {
      afterBlank = true;
      continue;
    }
    const heading = headingOf(row);
    if (heading) {
      readFacts(heading.label, recipe);
      section = heading.section;
      joins = false;
      if (heading.rest !== "" && section === "ingredients") {
        recipe.lines.push(...readList(heading.rest));
      } else if (heading.rest !== "") {
        recipe.steps.push(...divided(heading.rest));
      }
    } else if (section === "ingredients" && isMeasure(row) && isBare(recipe.lines.at(-1))) {
      // Cells of a table, each on a line of its own: a name, then its quantity.
      recipe.lines.push(readLine(`${recipe.lines.pop()?.text} ${row}`));
    } else if (section !== "head" && row.replace(numbered, "") === "") {
      // Step 1, or only 1, on a line of its own.
      section = "steps";
      joins = false;
    } else if (section === "head" && recipe.title === "" && oneLine(row).length <= 100 && !numbered.test(row) && (listed || !isMeasured(row))) {
      recipe.title = oneLine(row.replace(bullet, "")) || row;
      recipe.servings ||= servingsOf(row);
    } else if (section === "head" && readFacts(row, recipe)) {
      // The line has only servings and time.
    } else if ((section === "ingredients" || (section === "head" && !listed)) && readsAsIngredient(row) && !(numbered.test(row) && usesNumbers && !isShortMeasure(row))) {
      section = "ingredients";
      recipe.lines.push(...readList(row));
    } else if (section === "ingredients" && !isSentence(row) && !numbered.test(row)) {
      recipe.lines.push(...readList(row));
    } else if (section === "head" && !numbered.test(row) && recipe.summary === "" && row.length <= 300) {
      recipe.summary = row;
    } else {
      section = "steps";
      // If steps are numbered, a line without a number continues the previous step.
      const goesOn = joins && usesNumbers && !numbered.test(row) && !afterBlank;
      const last = recipe.steps.pop();
      recipe.steps.push(...(goesOn && last !== undefined ? [`${last}\n${row}`] : [...(last === undefined ? [] : [last]), ...divided(row)]));
      joins = true;
    }
    afterBlank = false;
  }
  recipe.steps = recipe.steps.flatMap(shortened);
  return recipe;
}

/** [재료] (2인분), 양념장: 간장 1큰술, ## Method. */
function headingOf(row: string): { section: "ingredients" | "steps"; label: string; rest: string } | undefined {
  const [, label = "", rest = ""] = /^([^:：]*)[:：]?(.*)$/u.exec(row) ?? [];
  const word = oneLine(label.replaceAll(/\([^()]*\)|\d+(?: ?[~–-] ?\d+)? ?(?:인분|servings?)|[^\p{L}\p{N}\s]/giu, " ").replaceAll(/\s+/gu, " "));
  if (ingredientWords.test(word)) {
    return { section: "ingredients", label, rest: oneLine(rest) };
  }
  return stepWords.test(word) ? { section: "steps", label, rest: oneLine(rest) } : undefined;
}

function servingsOf(row: string): string {
  const [, first, second] = servingsWords.exec(row) ?? [];
  return first ?? second ?? "";
}

/** Returns whether a line has only servings or a time, or a label for them, and stores them. */
function readFacts(row: string, recipe: ReadRecipe): boolean {
  const servings = servingsWords.exec(row);
  const [time = "", hours, minutes] = [...row.matchAll(new RegExp(timeWords, "giu"))].find(([, h, m]) => h !== undefined || m !== undefined) ?? [];
  const inMinutes = String(Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  const note = (cookMinutes = "") => {
    recipe.servings ||= servingsOf(row);
    recipe.cookMinutes ||= cookMinutes;
  };
  const left = row.replace(servings?.[0] ?? "", "").replace(time, "").replace(timeLabel, "").replaceAll(/[^\p{L}\p{N}]|약|about|분량|기준|이내|이상/giu, "");
  if ((!servings && time === "") || left !== "") {
    // 4인분 60분 초급 has further content, so the line stays.
    note(servings && time !== "" ? inMinutes : undefined);
    return false;
  }
  note(time === "" ? undefined : inMinutes);
  return true;
}

/** 고추장 2큰술, 설탕 1큰술, also with / between them. */
function readList(row: string): ReadLine[] {
  const plain = row.replace(bullet, "").replace(numbered, "").replace(group, "");
  const parts = plain.split(/(?:[,、·](?!\d{3}(?!\d))|(?<!\d) \/ | \/ (?!\d))(?![^(]*\))/u).map(oneLine).filter((part) => part !== "");
  const read = parts.map(readLine).flatMap(apart);
  const measured = read.filter(({ unit }) => unit !== "");
  if (read.length < 2 || measured.length === 0) {
    return read.length === 1 || measured.length > 0 || /[가-힣]/u.test(plain) ? read : apart(readLine(plain));
  }
  // 300 g tofu, diced: one ingredient and how it is cut.
  return measured.length === 1 && read[0]?.unit !== "" ? [{ ...read[0]!, text: plain }] : read.reduceRight<ReadLine[]>(beforeLittle, []);
}

/** Adds the line before others: of 소금, 후추 약간 both are a little, of 두부 1/2모, 소금 약간 only the salt. */
const beforeLittle = (after: ReadLine[], line: ReadLine): ReadLine[] => [after[0]?.unit === little && line.unit === "" && line.name === line.text.replaceAll(/\s*\([^()]*\)\s*/gu, " ").trim() ? { ...line, unit: little } : line, ...after];

/** Salt and pepper to taste, and 소금/후추 약간, are two. */
const apart = (line: ReadLine): ReadLine[] => (line.unit === little ? line.name.split(/ (?:and|&) | ?(?<!\d ?)\/(?! ?\d) ?/u).map((name) => Object.assign({}, line, { name })) : [line]);

const readsAsIngredient = (row: string): boolean => !isSentence(row) && row.length <= 80 && readList(row).some(({ unit }) => unit !== "");

/** 두부찌개 2 may be a title. */
const isMeasured = (row: string): boolean => readsAsIngredient(row) && !/\d$/u.test(row);

/** 150g, 1/2모, 약간 or 2. */
const isMeasure = (row: string): boolean => readLine(`x ${row}`).name === "x";

/** Whether a line is only a name. */
const isBare = (line: ReadLine | undefined): boolean => line?.unit === "" && !/\d/u.test(line.text);

/** 2) 두부 is a step's number; 1.5 컵 is none. */
const isShortMeasure = (row: string): boolean => !isSentence(row) && readLine(row.replace(numbered, "")).unit !== "";

const isSentence = (row: string): boolean => /[다요죠음함][.!]$|.{8,}[a-z)][.!]$|.{8,}[다요]$/u.test(row.trim());

/** 1. … 2. … on one line are two steps. */
function divided(row: string): string[] {
  const parts = row.split(/\s+(?=(?:\d{1,2}[.)](?!\d)\s|[\u2460-\u2473]))/u);
  return parts.map((part) => oneLine(part.replace(bullet, "").replace(numbered, "")) || oneLine(part)).filter((part) => part !== "");
}

/** The API's limit is 1,000 characters per step. A longer step is split, at the end of a sentence if possible. */
function shortened(step: string): string[] {
  if (step.length <= 1000) {
    return [step];
  }
  const cut = Math.max(...[". ", "\n", " "].map((mark) => step.lastIndexOf(mark, 998) + 1)) || 1000;
  return [step.slice(0, cut).trim(), ...shortened(step.slice(cut).trim())];
}
