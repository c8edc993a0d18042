import { atom, type SetStateAction } from "jotai";
import { maxRecipes } from "../../api/shopping";
import { storedAtom } from "../../device/storedAtom";
import { isChosen, isTick, listOf, type Chosen } from "./stored";
import { withoutOthers } from "./ticks";

export type { Chosen, Tick } from "./stored";

export const choiceKey = "hankki.shopping";
export const ticksKey = "hankki.shopping.ticks";

const storedChoiceAtom = storedAtom(choiceKey, listOf(isChosen));

/** What is in the basket already, and what for. */
export const ticksAtom = storedAtom(ticksKey, listOf(isTick));

/** The recipes to shop for, with or without a login; other tabs follow. What was ticked for a recipe goes with it. */
export const choiceAtom = atom(
  (get) => get(storedChoiceAtom),
  (get, set, change: SetStateAction<Chosen[]>) => {
    const choice = typeof change === "function" ? change(get(storedChoiceAtom)) : change;
    set(storedChoiceAtom, choice);
    set(ticksAtom, (ticks) => withoutOthers(ticks, choice));
  },
);

/** Recipes for which the account's list had no room. They wait on this device until its cook adds or drops them. */
export const leftAtom = storedAtom("hankki.shopping.left", listOf(isChosen));

/** The choice with this recipe for so many; a recipe is there once. */
export function choose(choice: readonly Chosen[], chosen: Chosen): Chosen[] {
  const known = choice.some(({ id }) => id === chosen.id);
  return known ? choice.map((one) => (one.id === chosen.id ? chosen : one)) : [...choice, chosen];
}

export const isFull = (choice: readonly Chosen[], id: number): boolean =>
  choice.length >= maxRecipes && !choice.some((chosen) => chosen.id === id);
