import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { readDraft } from "../src/features/editor/storage";
import { logoutKey } from "../src/session/forgetDevice";
import { sessionKey } from "../src/session/store";
import { problem, type Routes } from "./support/api";
import { recipe, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite as open } from "./support/render";

const routes: Routes = {
  ...surroundings,
  "GET /me": () => ({ body: login().user }),
  "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
  "GET /recipes/1": () => ({ body: recipe }),
  "POST /recipes/cost": () => problem(503),
};
const openSite = (path: string, more: Routes = {}) => open(path, { ...routes, ...more }, login());
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

/** What browsers tell this tab when another one changes the storage. */
function elsewhere(key: string, newValue: string | null): void {
  if (newValue === null) {
    localStorage.removeItem(key);
  }
  window.dispatchEvent(new StorageEvent("storage", { key, newValue, storageArea: localStorage }));
}

test("logging out closes an open editor and leaves no draft", async () => {
  const { user } = await openSite("/recipes/1/edit", { "POST /auth/logout": () => ({ status: 204 }) });
  await screen.findByDisplayValue("김치찌개");
  type("요리 이름", "내 찌개");
  await user.click(screen.getByRole("button", { name: "로그아웃" }));
  expect(await screen.findByRole("heading", { level: 1, name: "로그인" })).toBeInTheDocument();
  expect(Object.keys(localStorage)).toEqual([]);
});

test("logging out in another tab closes the editor here, and a last keystroke is not kept", async () => {
  await openSite("/recipes/1/edit");
  await screen.findByDisplayValue("김치찌개");
  elsewhere(sessionKey, null);
  type("요리 이름", "내 찌개");
  elsewhere(logoutKey, "now");
  expect(await screen.findByRole("heading", { level: 1, name: "로그인" })).toBeInTheDocument();
  expect(Object.keys(localStorage)).toEqual([]);
});

test("a login that ran out, noticed in another tab, closes nothing: what is typed on is kept", async () => {
  await openSite("/recipes/1/edit");
  await screen.findByDisplayValue("김치찌개");
  elsewhere(sessionKey, null);
  type("요리 이름", "내 찌개");
  expect(readDraft("1", 7)?.draft.title).toBe("내 찌개");
});
