import type { Ingredient } from "../../../api/ingredients";
import { oneLine } from "../../../components/oneLine";
import { little, unitsOf } from "../../recipes/units";
import { isBlank, mostLines, mostSteps, nextKey, type Draft, type DraftLine } from "../draft";
import type { ReadLine, ReadRecipe } from "./readRecipe";

export interface Filled {
  draft: Draft;
  lines: number;
  steps: number;
  /** Number of lines without an ingredient or a quantity. */
  open: number;
  /** Lines and steps beyond the limits of a recipe. */
  rest: string;
}

/** Adds a pasted recipe to a draft and keeps the existing content. */
export function fillDraft(draft: Draft, read: ReadRecipe, found: ReadonlyMap<string, Ingredient>): Filled {
  const oldLines = draft.lines.filter((line) => !isBlank(line));
  const oldSteps = draft.steps.filter(({ text }) => oneLine(text) !== "");
  const isNew = oldLines.length === 0 && oldSteps.length === 0;
  const readLines = read.lines.slice(0, mostLines - oldLines.length);
  const readSteps = read.steps.slice(0, mostSteps - oldSteps.length);
  const lineKey = nextKey(draft.lines);
  const stepKey = nextKey(draft.steps);
  const lines = readLines.map((line, place) => draftLine(lineKey + place, line, found.get(line.name)));
  const steps = readSteps.map((text, place) => ({ key: stepKey + place, text }));
  // A second title is kept: it becomes a line before the steps of its recipe.
  const [title, ...leftTitle] = draft.title.trim() === "" ? [read.title] : [draft.title, read.title];
  const [summary, ...leftSummary] = draft.summary.trim() === "" ? [read.summary] : [draft.summary, read.summary];
  return {
    draft: {
      ...draft,
      title: title ?? "",
      summary: summary ?? "",
      servings: (isNew && read.servings) || draft.servings,
      cookMinutes: (isNew && read.cookMinutes) || draft.cookMinutes,
      lines: lines.length > 0 ? [...oldLines, ...lines] : draft.lines,
      steps: steps.length > 0 ? [...oldSteps, ...steps] : draft.steps,
    },
    lines: lines.length,
    steps: steps.length,
    open: lines.filter((line) => !line.ingredient || (line.quantity === "" && line.unit !== little)).length,
    rest: [
      ...leftTitle,
      ...leftSummary,
      ...read.lines.slice(readLines.length).map(({ text }) => text),
      ...read.steps.slice(readSteps.length),
    ]
      .filter((text) => text !== "")
      .join("\n"),
  };
}

/** A unit that does not fit the ingredient, such as pieces of a weighed one, stays empty. The cook sees the pasted line. */
function draftLine(key: number, { name, quantity, unit, text }: ReadLine, found: Ingredient | undefined): DraftLine {
  const fits = found ? unitsOf(found.unit).includes(unit) : unit !== "piece";
  return {
    key,
    typed: found?.name ?? name,
    ingredient: found ? { id: found.id, unit: found.unit, tablespoonGrams: found.tablespoonGrams } : null,
    quantity: fits ? quantity : "",
    unit: fits || !found ? unit : found.unit,
    pasted: text,
  };
}
