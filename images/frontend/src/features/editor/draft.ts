import type { QuantityOf, Recipe, RecipeBody } from "../../api/recipes";
import { numberOf } from "../../components/numbers";
import { oneLine, paragraphs } from "../../components/oneLine";
import type { Dictionary } from "../../i18n";
import type { EditorTexts } from "../../i18n/editor";
import { wrongNumber } from "../../i18n/wrongNumber";
import { hasThreeDecimals } from "../prices/checks";
import { lacksWeight, little, type Sale } from "../recipes/units";

export interface DraftLine {
  key: number;
  /** Text of the search box; the ingredient is null until one is selected. */
  typed: string;
  ingredient: ({ id: number } & Sale) | null;
  quantity: string;
  unit: string;
  /** The line of the pasted recipe. */
  pasted?: string | undefined;
}

export interface DraftStep {
  key: number;
  text: string;
}

/** A recipe being edited; fields may be empty or invalid. */
export interface Draft {
  title: string;
  summary: string;
  servings: string;
  cookMinutes: string;
  tags: string;
  lines: DraftLine[];
  steps: DraftStep[];
}

export const emptyLine = (key: number): DraftLine => ({ key, typed: "", ingredient: null, quantity: "", unit: "" });

export const emptyDraft = (): Draft => ({
  title: "",
  summary: "",
  servings: "2",
  cookMinutes: "30",
  tags: "",
  lines: [emptyLine(1)],
  steps: [{ key: 1, text: "" }],
});

export const draftOf = (recipe: Recipe): Draft => ({
  title: recipe.title,
  summary: recipe.summary,
  servings: String(recipe.servings),
  cookMinutes: String(recipe.cookMinutes),
  tags: recipe.tags.join(", "),
  lines: recipe.ingredients.map(({ ingredientId, name, quantity, unit, priceUnit, tablespoonGrams }, place) => ({
    key: place + 1,
    typed: name,
    ingredient: { id: ingredientId, unit: priceUnit, tablespoonGrams },
    quantity: unit === little ? "" : String(quantity),
    unit,
  })),
  steps: recipe.steps.map((text, place) => ({ key: place + 1, text })),
});

/** A new, unique row key. */
export const nextKey = (rows: readonly { key: number }[]): number => Math.max(0, ...rows.map(({ key }) => key)) + 1;

/** An empty row. */
export const isBlank = (line: DraftLine) => line.typed.trim() === "" && line.quantity.trim() === "";
const isWhole = (typed: string, most: number) => {
  const whole = numberOf(typed);
  return Number.isInteger(whole) && whole >= 1 && whole <= most;
};
const isQuantity = (typed: string) => {
  const quantity = numberOf(typed);
  return hasThreeDecimals(quantity) && quantity > 0 && quantity <= 100_000;
};

/** The API's limits. */
export const mostLines = 50;
export const mostSteps = 30;
const mostTags = 10;
const longestTag = 20;

/** The tags, separated by commas of any script or semicolons, or each with a # before it: 국，찌개, 국、찌개, #국 #찌개. */
const tagsOf = ({ tags }: Draft): string[] =>
  [...new Set(tags.split(/[,;\uff0c\uff1b\u3001\uff64\ufe10\ufe11\ufe50\ufe51\u060c]|(?:^|\s*)[#＃﹟]/u).map(oneLine))].filter((tag) => tag !== "");

export const servingsOf = ({ servings }: Draft): number | null => (isWhole(servings, 100) ? numberOf(servings) : null);

/** The line in the API's format; null while it is incomplete. */
export function quantityOf({ ingredient, quantity, unit }: DraftLine): QuantityOf | null {
  if (!ingredient || lacksWeight(unit, ingredient)) {
    return null;
  }
  if (unit === little) {
    return { ingredientId: ingredient.id, quantity: 0, unit };
  }
  return isQuantity(quantity) ? { ingredientId: ingredient.id, quantity: numberOf(quantity), unit } : null;
}

/** Errors by control name, in page order. Empty rows are valid. */
export function checkDraft(draft: Draft, { wrong }: EditorTexts, t: Dictionary): Record<string, string> {
  const errors: Record<string, string> = {};
  if (oneLine(draft.title) === "") {
    errors["title"] = wrong.title;
  }
  if (servingsOf(draft) === null) {
    errors["servings"] = wrong.servings;
  }
  if (!isWhole(draft.cookMinutes, 10_080)) {
    errors["cookMinutes"] = wrong.cookMinutes;
  }
  const tags = tagsOf(draft);
  if (tags.length > mostTags || tags.some((tag) => [...tag].length > longestTag)) {
    errors["tags"] = wrong.tags(mostTags, longestTag);
  }
  for (const line of draft.lines.filter((one) => !isBlank(one))) {
    if (!line.ingredient) {
      errors[`ingredient-${line.key}`] = wrong.ingredient;
    }
    if (line.unit !== little && !isQuantity(line.quantity)) {
      errors[`quantity-${line.key}`] = wrongNumber(line.quantity, wrong.quantity, t, 3);
    }
    if (line.ingredient && lacksWeight(line.unit, line.ingredient)) {
      errors[`weight-${line.key}`] = wrong.weightMissing;
    }
  }
  const [firstLine] = draft.lines;
  if (draft.lines.every(isBlank)) {
    errors[firstLine ? `ingredient-${firstLine.key}` : "ingredients"] = wrong.ingredients;
  }
  const [firstStep] = draft.steps;
  if (draft.steps.every(({ text }) => oneLine(text) === "")) {
    errors[firstStep ? `step-${firstStep.key}` : "steps"] = wrong.steps;
  }
  return errors;
}

/** Requires a draft for which checkDraft finds no error. */
export const bodyOf = (draft: Draft): RecipeBody => ({
  title: oneLine(draft.title),
  summary: oneLine(draft.summary),
  servings: numberOf(draft.servings),
  cookMinutes: numberOf(draft.cookMinutes),
  tags: tagsOf(draft),
  ingredients: draft.lines.map(quantityOf).filter((line) => line !== null),
  steps: draft.steps.map(({ text }) => paragraphs(text)).filter((text) => text !== ""),
});
