import { inAscii } from "../../../components/numbers";
import { oneLine, paragraphs } from "../../../components/oneLine";
import { little } from "../../recipes/units";
import { Facts, hasServings, startsWithServings } from "./facts";
import { inRoundBrackets, readLine, startsWithMeasure, withoutBrackets, type ReadLine } from "./readLine";

export type { ReadLine } from "./readLine";

/** A pasted recipe: each line of the text is in one of these fields, except headings, lines of marks, and the label of a shop's link. */
export interface ReadRecipe {
  title: string;
  summary: string;
  servings: string;
  cookMinutes: string;
  lines: ReadLine[];
  steps: string[];
}

type Section = "head" | "ingredients" | "steps";

/** Headings of the whole list, and of a part of it. */
const mainWords = "(?:주|필수|기본)? ?재료(?: ?목록)?|준비물|ingredients?(?: list)?|(?:재료명?|품목|ingredients?) (?:양|분량|용량|수량|계량|amounts?|quantity)(?: 단위| units?)?";
const partWords = "(?:선택|부|추가|곁들임)? ?재료|(?:양념(?:장|류)?|소스|육수|고명|밑간|반죽|드레싱)(?: ?재료| ?만들기)?|(?:for the )?(?:sauce|seasoning|dressing|marinade|garnish|broth|batter|dough|topping)(?: ingredients)?";
const isMain = new RegExp(`^(?:${mainWords})$`, "iu");
/** Also 1차 양념, 양념 2. */
const ingredientWords = new RegExp(`^(?:\\d ?차 ?)?(?:${mainWords}|${partWords})(?: ?\\d)?$`, "iu");
const methodWords = "만드는 ?(?:법|방법|순서)|조리 ?(?:법|순서|방법|과정)|요리 ?(?:법|순서|과정)|만들기|순서|방법|method|directions?|instructions?|steps?|preparation|how to (?:make|cook)(?: it)?";
const stepWords = new RegExp(`^(?:${methodWords})$`, "iu");
/** A heading and its text on one line: 재료 멸치 50g, [만드는 법] 끓인다. */
const inline = new RegExp(`^(?:\\[(?<label>[^\\]]+)\\]|(?<word>${mainWords}|${methodWords})(?= ))\\s*(?<rest>.+)$`, "iu");
/** A check box or a group before an ingredient: [ ] 두부, [양념] 간장. */
const group = /^\[[^\]]{0,12}\]\s*/u;
/** The text of a shop's link after each ingredient of a recipe site. */
const shopLink = "구매";
/** 1. and 1) and ① and 1️⃣ and Step 1 and 1단계; also 1 alone or before a sentence (1 물을 끓인다). */
const numbered = /^(?:\d{1,2}$|\d\ufe0f?\u20e3|\d{1,2} (?=.*[을를이가에은는로와과] .*[다요][.!]?$)|(?:step|단계|순서) ?\d{1,2} ?[.:)]?|\d{1,2} ?(?:단계|번) ?[.:)]?|\d{1,2} ?[.):](?!\d)|\(\d{1,2}\)|[\u2460-\u2473])\s*/iu;
/** 1 at the start of a sentence or an ingredient, without a mark. */
const bareNumber = /^(\d{1,2}) (?=\D)(.+)$/u;
/** A joiner, which is visible only in an emoji. */
const joiner = /(?<=^|[\p{Script=Hangul}\p{Script=Latin}\p{N}\p{P}\s])[\p{Join_Control}\p{Variation_Selector}]+/gmu;
/** |---|---| of a table, and other lines of marks alone. */
const rule = /^[\p{P}\p{Sm}\s\u2500-\u257f]+$/u;
const bullet = /^[-*•·▪■□●○◦‣▶►➤✔☑#※★☆]+\s*/u;

/** Patterns take a time that grows faster than the line, so a longer line is only text. */
const longestList = 2000;
/** More than the 50 ingredients and 30 steps of a recipe need, with cells on lines of their own. */
const mostRows = 500;

/** Splits a text into a title, ingredients and steps: by headings if it has some, otherwise by the form of its lines. Lines after the 500th are a step. */
export function readRecipe(text: string): ReadRecipe {
  const recipe: ReadRecipe = { title: "", summary: "", servings: "", cookMinutes: "", lines: [], steps: [] };
  const facts = new Facts();
  /** Headings with a note that is no content, such as 재료 (밥숟가락 계량). */
  const noted = new Set<string>();
  const { rows, headings, after } = rowsOf(text);
  const usesNumbers = rows.some((row) => isNumbered(row) && !isShortMeasure(row));
  const listed = isListed(rows, headings);
  let section: Section = "head";
  let afterBlank = false;
  let joins = false;
  for (const [place, row] of rows.entries()) {
    if (row === "") {
      afterBlank = true;
      continue;
    }
    const heading = headings[place];
    if (heading) {
      section = heading.section;
      joins = false;
      facts.readServings(heading.label);
      const notes = heading.notes.filter((note) => !facts.read(note));
      const lists = notes.filter((note) => isContent(note, heading.section));
      for (const note of notes.filter((one) => !lists.includes(one))) {
        noted.add(row);
        facts.readServings(note);
        facts.readAside(note);
      }
      for (const part of [...lists, ...heading.texts.filter((one) => !facts.read(one))]) {
        if (section === "ingredients") {
          recipe.lines.push(...readList(part));
        } else {
          recipe.steps.push(...divided(part));
        }
      }
    } else if (section === "ingredients" && isMeasure(row) && isBare(recipe.lines.at(-1))) {
      // Cells of a table, each on a line of its own: a name, then its quantity.
      recipe.lines.push(readLine(`${recipe.lines.pop()?.text} ${row}`));
    } else if (section !== "head" && withoutNumber(row) === "") {
      // Step 1, or only 1, on a line of its own.
      section = "steps";
      joins = false;
    } else if (section === "head" && recipe.title === "" && [...row].length <= 100 && !isNumbered(row) && (listed || !isMeasured(row))) {
      recipe.title = oneLine(row.replace(bullet, "")) || row;
      if (isSentence(row)) {
        facts.readAside(row);
      } else {
        facts.readServings(row);
      }
    } else if (section !== "steps" && facts.read(row)) {
      // The line has only servings and time.
    } else if ((section === "ingredients" || (section === "head" && !listed && !startsWithServings(row))) && readsAsIngredient(row) && !(isNumbered(row) && usesNumbers && !isShortMeasure(row))) {
      section = "ingredients";
      recipe.lines.push(...readList(row));
    } else if (section === "ingredients" && !isSentence(row) && !isNumbered(row) && !(afterBlank && endsList(place, rows, headings, recipe.lines))) {
      recipe.lines.push(...readList(row));
    } else if (section === "head" && !isNumbered(row) && recipe.summary === "" && [...row].length <= 300) {
      recipe.summary = row;
      facts.readAside(row);
    } else {
      if (section === "head") {
        facts.readAside(row);
      }
      section = "steps";
      // If steps are numbered, a line without a number continues the previous step.
      const goesOn = joins && usesNumbers && !isNumbered(row) && !afterBlank;
      const last = recipe.steps.pop();
      recipe.steps.push(...(goesOn && last !== undefined ? [`${last}\n${row}`] : [...(last === undefined ? [] : [last]), ...divided(row)]));
      joins = true;
    }
    afterBlank = false;
  }
  const left = [...facts.unused, ...noted].filter((row) => row !== recipe.summary).join(" · ");
  const summary = [recipe.summary, left].filter(Boolean).join(" · ");
  const fits = [...summary].length <= 300;
  return {
    ...recipe,
    servings: facts.servings,
    cookMinutes: facts.cookMinutes,
    summary: fits ? summary : recipe.summary,
    steps: [...(fits ? [] : [left]), ...recipe.steps, ...(after === "" ? [] : [after])].flatMap(shortened),
  };
}

interface Rows {
  rows: string[];
  /** The heading that a row is, by its place. */
  headings: (Heading | undefined)[];
  /** The text after the last row. */
  after: string;
}

/** The lines in one form: in ASCII, without rules, cells of a row with spaces between them, and 1. for a number without a mark. */
function rowsOf(text: string): Rows {
  const all = paragraphs(inAscii(text).replaceAll(joiner, ""))
    .split("\n")
    .filter((row) => row !== shopLink && !rule.test(row))
    .map((row) => (row.startsWith("|") ? oneLine(row.replaceAll("|", " ")) : row).replaceAll(/\s{2,}/gu, " "));
  const rows = all.slice(0, mostRows);
  const headings = rows.map(headingOf);
  // Numbers that count up from 1: 1 썬다, 2 섞는다, 3 부친다.
  let inSteps = false;
  let run: number[] = [];
  const runs = [run];
  for (const [place, row] of rows.entries()) {
    inSteps = headings[place]?.section === "steps" || (inSteps && !headings[place]);
    const [, number, rest = ""] = bareNumber.exec(row) ?? [];
    if (number !== undefined && !startsWithMeasure(row) && (inSteps || /^[가-힣]/u.test(rest) || isSentence(rest) || readLine(rest).measured)) {
      if (Number(number) === 1) {
        run = [];
        runs.push(run);
      }
      if (Number(number) === run.length + 1) {
        run.push(place);
      }
    }
  }
  const counting = new Set(runs.filter(({ length }) => length > 1).flat());
  const marked = rows.map((row, place) => (counting.has(place) ? row.replace(bareNumber, "$1. $2") : row));
  return { rows: marked, headings, after: all.slice(mostRows).join("\n").trim() };
}

/** Whether the list has a heading. A heading of a part, such as 양념, may follow ingredients without one. */
function isListed(rows: readonly string[], headings: Rows["headings"]): boolean {
  const first = headings.findIndex((heading) => heading?.section === "ingredients");
  const before = rows.slice(1, first).filter((row) => row !== "" && isMeasured(row)).length;
  return first >= 0 && before < (headings[first]?.isMain ? 3 : 1);
}

/** Whether steps begin after an empty line without any other mark of it: Whisk eggs, Fry rice, Serve. */
function endsList(place: number, rows: readonly string[], headings: Rows["headings"], lines: readonly ReadLine[]): boolean {
  if (!rows[place]?.includes(" ") || !lines.every(({ measured }) => measured) || headings.slice(place + 1).some(Boolean)) {
    return false;
  }
  const after = rows.slice(place + 1);
  const later = after.includes("") ? after.slice(after.indexOf("")) : [];
  return !later.some(isSentence) && !after.some((one) => isNumbered(one) || readsAsIngredient(one));
}

interface Heading {
  section: "ingredients" | "steps";
  isMain: boolean;
  label: string;
  /** What the label has in brackets. */
  notes: string[];
  /** What follows the label. */
  texts: string[];
}

/** The row's start and end, which have its form. */
const endsOf = (row: string): string => (row.length > 200 ? `${row.slice(0, 100)} ${row.slice(-100)}` : row);

const isNumbered = (row: string): boolean => numbered.test(endsOf(row));

const withoutNumber = (row: string): string => row.slice(numbered.exec(endsOf(row))?.[0].length ?? 0);

/** [재료] (2인분), 양념장: 간장 1큰술, 양념장(간장 1큰술), ## Method. */
function headingOf(row: string): Heading | undefined {
  if (row.length > longestList) {
    return undefined;
  }
  const [, label = "", rest = ""] = /^((?:[^(:：]|\([^()]*\))*?)(?:[:：]| [-–—=|>→] |$)(.*)$/u.exec(inRoundBrackets(row.replace(/^\[([^\]]*)\]$/u, "$1"))) ?? [];
  const notes = [...label.matchAll(/\(([^()]*)\)/gu)].map(([, note = ""]) => note).filter((note) => !isHeadingWord(note));
  const outer = oneLine(rest).replace(/^\(([^()]*)\)$/u, "$1");
  const heading = (word: string, inBrackets: string[], texts: string[]): Heading | undefined => {
    const section = ingredientWords.test(word) ? "ingredients" : stepWords.test(word) ? "steps" : undefined;
    return section && { section, isMain: isMain.test(word), label: withoutBrackets(label), notes: inBrackets.map(oneLine).filter(Boolean), texts: texts.map(oneLine).filter(Boolean) };
  };
  const whole = heading(wordOf(label), notes, [outer]);
  if (whole) {
    return whole;
  }
  const { label: bracketed, word, rest: text = "" } = inline.exec(row)?.groups ?? {};
  const name = wordOf(bracketed ?? word ?? "");
  // [양념장] 간장을 섞는다 is a step.
  const follows = stepWords.test(name) ? bracketed !== undefined || isSentence(text) : !isSentence(text) && (bracketed !== undefined || readList(text).some(({ measured }) => measured));
  return follows ? heading(name, [], [text]) : undefined;
}

/** A label without brackets, servings and marks. */
const wordOf = (label: string): string => oneLine(withoutBrackets(label).replaceAll(/\d+(?: ?[~–-] ?\d+)? ?(?:인분|servings?)(?: ?(?:기준|분량))?|[^\p{L}\p{N}\s]/giu, " ").replaceAll(/\s+/gu, " "));

const isHeadingWord = (note: string): boolean => [ingredientWords, stepWords].some((words) => words.test(wordOf(note)));

/** Whether a heading's note is a part of its section: 고추장 2큰술, or 10분 불린 콩 사용. 1T=15ml, 1큰술 15ml 기준 and 선택 are no part. */
const isContent = (note: string, section: Heading["section"]): boolean =>
  section === "steps" ? isSentence(note) || /\d/u.test(wordOf(note)) : !/[=≒]|기준|계량/u.test(note) && readList(note).some(({ measured }) => measured);

/** 고추장 2큰술, 설탕 1큰술, also with / between them. */
function readList(row: string): ReadLine[] {
  const plain = withoutNumber(row.replace(bullet, "")).replace(group, "").replace(/^\(([^()]*)\)$/u, "$1");
  const parts = plain.split(/(?:[,、·](?!\d{3}(?!\d))|(?<!\d) \/ | \/ (?!\d)| \+ (?!\d))(?![^(]*\))/u).map(oneLine).filter((part) => part !== "");
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

const readsAsIngredient = (row: string): boolean => !isSentence(row) && row.length <= 80 && readList(row).some(({ measured }) => measured);

/** 두부찌개 2, 두부찌개 2인분 and 한 그릇 요리 may be titles. */
const isMeasured = (row: string): boolean => readsAsIngredient(row) && !/\d$|^(?:한|두|세|네|반|an?|one|two|three|half) /iu.test(row) && !hasServings(row);

/** 150g, 1/2모, 약간 or 2. */
const isMeasure = (row: string): boolean => readLine(`x ${row}`).name === "x";

/** Whether a line is only a name. */
const isBare = (line: ReadLine | undefined): boolean => line?.unit === "" && !line.measured && !/\d/u.test(line.text);

/** 2) 두부 is a step's number; 1.5 컵 is none. */
const isShortMeasure = (row: string): boolean => !isSentence(row) && readLine(withoutNumber(row)).measured;

const cooking = "add|arrange|bake|beat|blend|boil|bring|chop|combine|cook|cover|cut|dice|drain|fold|fry|garnish|grate|grill|heat|knead|leave|let|marinate|melt|mince|mix|peel|place|pour|preheat|put|reduce|remove|rinse|roast|roll|season|serve|simmer|slice|soak|spread|sprinkle|steam|stir|strain|taste|toast|top|toss|transfer|turn|wash|whisk";
const sentences = [
  /[다요죠음함][.!]$|.{8,}[a-z)][.!]$|.{8,}다$/u,
  // 푼다, 합니다, 넣어요; 사이다, 참치마요 and 돼지고기 are ingredients.
  /[가-힣]니다$|(?<=[가-힣])(?<!마)요$|[을를에] .*[다음함]$/u,
  new RegExp(`^(?:${cooking}) (?:the|it|in|into|all|everything|well|together|until|for|with|over|to|on|and)\\b|^(?!(?:mince|roast|roll|toast|top) \\d+ ?[a-z]*\\.?$)(?:${cooking}) \\d+\\b|^(?:${cooking})\\b.* (?:the|into|until|minutes?|mins?)\\b|^(?:serve|enjoy)$|^(?:add|bring|combine|drain|knead|let|marinate|pour|preheat|put|remove|rinse|simmer|transfer|whisk) `, "iu"),
];
/** 두부 썰기, 10분 끓이기. */
const nounForm = /\S [^\d\s]*(?<![고딸조줄데래러꺼라공])기$/u;
/** How an ingredient is cut or prepared: 마늘 편썰기, 당면 불리기. */
const preparation = /(?:채|편|어슷|깍둑|나박|송송|반달|은행잎|돌려) ?썰기$|(?:다지|불리)기$/u;
/** Ends with ㄴ and 다, in NFD: 썬다, 넣는다. */
const plainForm = /\u11ab\u1103\u1161[.!]?$/u;

function isSentence(row: string): boolean {
  const text = row.trim();
  const ends = endsOf(text);
  return row.length > longestList || sentences.some((form) => form.test(ends)) || isNounForm(text) || plainForm.test(ends.normalize("NFD"));
}

/** 대파 1대 어슷썰기 is an ingredient; 1. 물 500ml 끓이기 is a step. */
const isNounForm = (text: string): boolean => nounForm.test(endsOf(text)) && !preparation.test(text) && (isNumbered(text) || !readLine(text).measured);

/** 1. … 2. … on one line are two steps. */
function divided(row: string): string[] {
  const parts = row.split(/\s+(?=(?:\d{1,2}[.)](?!\d)\s|[\u2460-\u2473]))/u);
  return parts.map((part) => oneLine(withoutNumber(part.replace(bullet, ""))) || oneLine(part)).filter((part) => part !== "");
}

/** The API's limit is 1,000 characters per step. A longer step is split, at the end of a sentence if possible. */
function shortened(step: string): string[] {
  if (step.length <= 1000) {
    return [step];
  }
  const cut = Math.max(...[". ", "\n", " "].map((mark) => step.lastIndexOf(mark, 998) + 1)) || 1000;
  return [step.slice(0, cut).trim(), ...shortened(step.slice(cut).trim())];
}
