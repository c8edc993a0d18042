import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ShoppingItem } from "../src/api/shopping";
import { choiceKey, ticksKey, type Chosen } from "../src/features/shopping/choice";
import { isTick } from "../src/features/shopping/stored";
import { isTicked, tick, withoutOthers } from "../src/features/shopping/ticks";
import type { Routes } from "./support/api";
import { openSite } from "./support/render";

const chosen = (id: number, servings = 2): Chosen => ({ id, title: `요리 ${id}`, servings });
const tofu = (quantity: number, ...recipes: number[]): ShoppingItem => ({ ingredientId: 12, name: "두부", quantity, unit: "g", cost: 900, recipes });

test("a tick applies to its recipes and up to its quantity", () => {
  const ticks = tick([], tofu(300, 1, 2), [chosen(1), chosen(2)], true);
  const wanted: [ShoppingItem, boolean][] = [
    [tofu(300, 1, 2), true],
    [tofu(200, 1), true],
    [tofu(300.001, 1, 2), false],
    [tofu(300, 1, 3), false],
    [{ ...tofu(300, 1, 2), unit: "ml" }, false],
    [{ ...tofu(300, 1, 2), ingredientId: 13 }, false],
  ];
  expect(wanted.map(([item]) => isTicked(ticks, item, [chosen(1), chosen(2)]))).toEqual(wanted.map(([, is]) => is));
  expect(tick(ticks, tofu(300, 1, 2), [chosen(1), chosen(2)], false)).toEqual([]);
});

test("a tick is removed with its last recipe, and does not apply if the recipe is added again", () => {
  const ticks = tick([], tofu(300, 1, 2), [chosen(1), chosen(2)], true);
  const left = withoutOthers(ticks, [chosen(2)]);
  expect(isTicked(left, tofu(200, 2), [chosen(2)])).toBe(true);
  expect(isTicked(left, tofu(300, 1, 2), [chosen(1), chosen(2)])).toBe(false);
  expect(withoutOthers(left, [chosen(3)])).toEqual([]);
});

test("a little can be ticked, until more is needed", () => {
  const little = { ...tofu(0, 1), aLittle: true };
  const ticks = tick([], little, [chosen(1)], true);
  expect(ticks.every(isTick), "it is there again after a reload").toBe(true);
  expect(isTicked(ticks, little, [chosen(1)])).toBe(true);
  expect(isTicked(ticks, { ...tofu(0.001, 1), aLittle: true }, [chosen(1)])).toBe(false);
});

test("a removed recipe gets no tick while its list is still shown", () => {
  expect(tick([], tofu(300, 1), [chosen(2)], true)).toEqual([]);
});

/** 100 g of tofu per serving, in both recipes. */
const routes: Routes = {
  "GET /shopping-list": ({ query }) => {
    const asked = query.getAll("recipe").map((text) => text.split(":").map(Number) as [number, number]);
    const grams = 100 * asked.reduce((sum, [, servings]) => sum + servings, 0);
    const recipes = asked.map(([id, servings]) => ({ ...chosen(id, servings), cost: 100 }));
    return { body: { recipes, items: [tofu(grams, ...asked.map(([id]) => id))], total: 900 } };
  },
};
const keep = (...choice: Chosen[]) => localStorage.setItem(choiceKey, JSON.stringify(choice));
const box = () => screen.findByRole("checkbox", { name: /두부/u });

test("an item loses its tick when more is needed, and regains it when less is needed", async () => {
  keep(chosen(1));
  const { user } = await openSite("/shopping-list", routes);
  await user.click(await box());
  expect(await box()).toBeChecked();
  await user.selectOptions(screen.getByRole("combobox"), "3인분");
  await waitFor(async () => expect(await box()).not.toBeChecked());
  await user.selectOptions(screen.getByRole("combobox"), "1인분");
  await waitFor(async () => expect(await box()).toBeChecked());
});

test("a removed recipe removes its ticks, and another recipe that needs the same item has no tick", async () => {
  keep(chosen(1), chosen(2));
  const { user } = await openSite("/shopping-list", routes);
  await user.click(await box());
  await user.click(screen.getByRole("button", { name: "요리 1 빼기" }));
  expect(JSON.parse(localStorage.getItem(ticksKey) ?? "")).toEqual([{ ingredientId: 12, quantity: 400, unit: "g", recipes: [2] }]);
  await user.click(screen.getByRole("button", { name: "요리 2 빼기" }));
  expect(localStorage.getItem(ticksKey)).toBe("[]");
});
