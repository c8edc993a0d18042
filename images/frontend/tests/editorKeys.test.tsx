import { createEvent, fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Routes } from "./support/api";
import { ingredient, page, recipe, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const routes: Routes = {
  ...surroundings,
  "GET /me": () => ({ body: login().user }),
  "GET /ingredients": () => page([ingredient(22, "두부")]),
  "POST /recipes": () => ({ status: 201, body: recipe }),
  "PUT /recipes/1": () => ({ body: recipe }),
  "GET /recipes/1": () => ({ body: recipe }),
  "POST /recipes/cost": () => ({ body: { costPerMeal: 1, totalCost: 1, lines: [{ cost: 1 }, { cost: 1 }, { cost: 1 }] } }),
};

const openEditor = async (path: string) => {
  const site = await openSite(path, routes, login());
  await screen.findByLabelText("요리 이름");
  return site;
};

test.each(["요리 이름", "한 줄 소개", "몇 인분", "걸리는 시간 (분)", "종류", "재료 1", "재료 1의 양", "재료 3의 양"])("Enter in “%s” does not save, and moves the focus to the next field", async (label) => {
  const { api, user } = await openEditor("/recipes/1/edit");
  const field = screen.getByLabelText(label, { exact: true });
  field.focus();
  await user.keyboard("{Enter}");
  expect(field).not.toHaveFocus();
  expect(api.count("PUT /recipes/1")).toBe(0);
  // A request that Enter sent by mistake would have arrived before this later request.
  await user.click(screen.getByRole("button", { name: "저장" }));
  await screen.findByRole("heading", { level: 1, name: "김치찌개" });
  expect(api.count("PUT /recipes/1"), "only the button saves").toBe(1);
});

test("Enter moves the focus from an ingredient to its quantity, to the next ingredient, and to the button for one more", async () => {
  const { user } = await openEditor("/recipes/1/edit");
  screen.getByLabelText("재료 2", { exact: true }).focus();
  for (const next of ["재료 2의 양", "재료 3", "재료 3의 양"]) {
    await user.keyboard("{Enter}");
    expect(screen.getByLabelText(next, { exact: true })).toHaveFocus();
  }
  await user.keyboard("{Enter}");
  expect(screen.getByRole("button", { name: "재료 더하기" })).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(screen.getByLabelText("재료 4", { exact: true })).toHaveFocus();
});

test("an added step gets the focus, and Enter in it is a new line", async () => {
  const { api, user } = await openEditor("/recipes/1/edit");
  await user.click(screen.getByRole("button", { name: "순서 더하기" }));
  const step = screen.getByLabelText("만드는 법 3", { exact: true });
  expect(step).toHaveFocus();
  await user.keyboard("가{Enter}나");
  expect(step).toHaveValue("가\n나");
  expect(api.count("PUT /recipes/1")).toBe(0);
});

test("Enter that ends a syllable is handled by the input method", async () => {
  await openEditor("/recipes/1/edit");
  const title = screen.getByLabelText("요리 이름");
  title.focus();
  const enter = createEvent.keyDown(title, { key: "Enter", isComposing: true });
  fireEvent(title, enter);
  expect(enter.defaultPrevented).toBe(false);
  expect(title).toHaveFocus();
});
