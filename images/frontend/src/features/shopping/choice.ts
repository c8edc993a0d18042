import { atom, type SetStateAction } from "jotai";
import { maxRecipes } from "../../api/shopping";
import { storedAtom } from "../../device/storedAtom";
import { isChosen, isTick, listOf, type Chosen } from "./stored";
import { withoutOthers } from "./ticks";

export type { Chosen, Tick } from "./stored";

export const choiceKey = "hankki.shopping";
export const ticksKey = "hankki.shopping.ticks";

const storedChoiceAtom = storedAtom(choiceKey, listOf(isChosen));

/** The ticked items, each with the recipes that needed it when it was ticked. */
export const ticksAtom = storedAtom(ticksKey, listOf(isTick));

/** The chosen recipes, with or without a login, synchronised between tabs. Removing a recipe removes its ticks. */
export const choiceAtom = atom(
  (get) => get(storedChoiceAtom),
  (get, set, change: SetStateAction<Chosen[]>) => {
    const choice = typeof change === "function" ? change(get(storedChoiceAtom)) : change;
    set(storedChoiceAtom, choice);
    set(ticksAtom, (ticks) => withoutOthers(ticks, choice));
  },
);

/** Recipes that did not fit on the account's list. They stay on this device until the user adds or removes them. */
export const overflowAtom = storedAtom("hankki.shopping.left", listOf(isChosen));

/** The choice with this recipe for a number of servings; each recipe is included once. */
export function choose(choice: readonly Chosen[], chosen: Chosen): Chosen[] {
  const known = choice.some(({ id }) => id === chosen.id);
  return known ? choice.map((one) => (one.id === chosen.id ? chosen : one)) : [...choice, chosen];
}

export const isFull = (choice: readonly Chosen[], id: number): boolean =>
  choice.length >= maxRecipes && !choice.some((chosen) => chosen.id === id);
