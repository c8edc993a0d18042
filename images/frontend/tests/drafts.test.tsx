import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { draftOf } from "../src/features/editor/draft";
import { draftKey, readDraft, writeDraft } from "../src/features/editor/storage";
import { forgetDevice } from "../src/session/forgetDevice";
import type { Routes } from "./support/api";
import { page, recipe, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const routes: Routes = {
  ...surroundings,
  "GET /me": () => ({ body: login().user }),
  "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
  "GET /ingredients": () => page([]),
  "GET /recipes/1": () => ({ body: recipe }),
  "PUT /recipes/1": () => ({ body: recipe }),
};
const editor = () => openSite("/recipes/new", routes, login());
const title = () => screen.findByLabelText<HTMLInputElement>("요리 이름");
const type = async (value: string) => fireEvent.change(await title(), { target: { value } });
const stored = (text: string, userId = 7) => ({ draft: { ...draftOf(recipe), title: text }, version: null, userId });

afterEach(() => sessionStorage.clear());

/** Another tab writes or removes a value, and the browser sends the event to this tab. */
function elsewhere(key: string, newValue: string | null) {
  if (newValue === null) {
    localStorage.removeItem(key);
  } else {
    localStorage.setItem(key, newValue);
  }
  act(() => void window.dispatchEvent(new StorageEvent("storage", { key, newValue, storageArea: localStorage })));
}

/** The page of the tab with that name, after a reload. */
async function openIn(tab: string) {
  cleanup();
  sessionStorage.setItem("hankki.tab", tab);
  const site = await editor();
  await title();
  return site;
}
const draftOfTab = (tab: string) => `hankki.draft.new.${tab}`;
const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("hankki.draft."));

test("drafts of two tabs are stored separately, and each tab has its own after a reload", async () => {
  await openIn("first");
  await type("A");
  const first = localStorage.getItem(draftOfTab("first"));
  await openIn("second");
  expect(await title(), "a draft that is there is shown").toHaveValue("A");
  await type("B");
  expect(localStorage.getItem(draftOfTab("first"))).toBe(first);
  await openIn("first");
  expect(await title()).toHaveValue("A");
  await openIn("second");
  expect(await title()).toHaveValue("B");
});

test("drafts of one recipe in two tabs are stored separately too", async () => {
  const edit = async (tab: string) => {
    cleanup();
    sessionStorage.setItem("hankki.tab", tab);
    await openSite("/recipes/1/edit", routes, login());
  };
  await edit("first");
  await type("A");
  await edit("second");
  await type("B");
  await edit("first");
  expect(await title()).toHaveValue("A");
});

test("a new tab starts with the latest draft; a draft that it saves or discards does not return", async () => {
  localStorage.setItem("hankki.draft.new", JSON.stringify(stored("그 전 판")));
  localStorage.setItem(draftOfTab("closed"), JSON.stringify({ ...stored("나중"), savedAt: 2 }));
  localStorage.setItem(draftOfTab("earlier"), JSON.stringify({ ...stored("먼저"), savedAt: 1 }));
  localStorage.setItem(draftOfTab("other"), JSON.stringify({ ...stored("남의 것", 8), savedAt: 3 }));
  const seen = [];
  for (let times = 0; times < 4; times += 1) {
    const { user } = await openIn("new");
    seen.push((await title()).value);
    const discard = screen.queryByRole("button", { name: /버리/u });
    if (discard) {
      await user.click(discard);
    }
  }
  expect(seen).toEqual(["나중", "먼저", "그 전 판", ""]);
  expect(drafts()).toEqual([draftOfTab("other")]);
});

test("a draft that another tab took over and discarded stays in the tab where it is still open", async () => {
  await openIn("first");
  await type("A");
  elsewhere(draftOfTab("first"), null);
  expect(readDraft("new", 7)?.draft.title).toBe("A");
});

test("a draft taken over from another tab stays if that tab continues with it", async () => {
  localStorage.setItem(draftOfTab("first"), JSON.stringify(stored("A")));
  const { user } = await openIn("second");
  elsewhere(draftOfTab("first"), JSON.stringify(stored("A 그리고 더")));
  await user.click(screen.getByRole("button", { name: /버리/u }));
  expect(drafts()).toEqual([draftOfTab("first")]);
});

test("a duplicated tab gets another name when the other tab types", async () => {
  await openIn("twin");
  await type("A");
  elsewhere(draftOfTab("twin"), JSON.stringify(stored("B")));
  expect(draftKey("new")).not.toBe(draftOfTab("twin"));
  expect(readDraft("new", 7)?.draft.title).toBe("A");
  expect(JSON.parse(localStorage.getItem(draftOfTab("twin")) ?? "")).toMatchObject({ draft: { title: "B" } });
});

/** Opens the page in each tab in turn and types; each tab starts with the draft of the one before. */
async function continueIn(path: string, typed: readonly (readonly [tab: string, text: string])[]) {
  for (const [tab, text] of typed) {
    await openPath(tab, path);
    await type(text);
  }
}

async function openPath(tab: string, path: string, more: Routes = {}) {
  cleanup();
  sessionStorage.setItem("hankki.tab", tab);
  const site = await openSite(path, { ...routes, ...more }, login());
  await title();
  return site;
}

const chain = [["A", "된장"], ["B", "된장찌"], ["C", "된장찌개"]] as const;

test.each([
  ["the last tab", chain],
  ["a fourth tab that typed nothing", [...chain, ["D", ""]] as const],
  ["the first tab", [...chain, ["A", "된장찌개 끝"]] as const],
])("of a draft that several tabs continued, no version returns after %s saved it", async (_, typed) => {
  await continueIn("/recipes/1/edit", typed.filter(([, text]) => text !== ""));
  // Also after a reload.
  const { user } = await openPath(typed.at(-1)?.[0] ?? "", "/recipes/1/edit");
  await user.click(screen.getByRole("button", { name: "저장" }));
  await waitFor(() => expect(drafts()).toEqual([]));
});

test("of a draft that several tabs continued, no version returns after one of them discarded it", async () => {
  // Drafts of the previous release do not name their lineage.
  localStorage.setItem(draftOfTab("A"), JSON.stringify({ ...stored("된장"), savedAt: 1 }));
  await continueIn("/recipes/new", chain.slice(1));
  await userEvent.click(screen.getByRole("button", { name: /버리/u }));
  expect(drafts()).toEqual([]);
});

test.each([
  ["/recipes/new", "new", "버리"],
  ["/recipes/new", "new", "저장"],
  ["/recipes/1/edit", "1", "버리"],
  ["/recipes/1/edit", "1", "저장"],
])("%s: of recipe %s, the later draft of another tab stays when this tab's draft ends with %s", async (path, id, button) => {
  const draft = (tab: string, text: string, savedAt: number) =>
    localStorage.setItem(`hankki.draft.${id}.${tab}`, JSON.stringify({ ...stored(text), version: id === "new" ? null : 3, lineage: "된장", savedAt }));
  draft("A", "된장", 2);
  draft("B", "된장찌개", 3);
  draft("C", "된", 1);
  const { user } = await openPath("A", path, { "POST /recipes": () => ({ status: 201, body: recipe }) });
  expect(await title()).toHaveValue("된장");
  // What this tab types now does not show the other tab's text either.
  await type("된장국");
  await user.click(screen.getByRole("button", { name: new RegExp(button, "u") }));
  await waitFor(() => expect(drafts()).toEqual([`hankki.draft.${id}.B`]));
});

test("a draft that was begun anew after one was discarded does not belong to its lineage", async () => {
  await continueIn("/recipes/new", [["A", "된장"], ["B", "된장찌"]]);
  const continued = localStorage.getItem(draftOfTab("B")) ?? "";
  await openIn("A");
  await userEvent.click(screen.getByRole("button", { name: /버리/u }));
  await type("김치전");
  // Tab B is still open, so it stores its draft again.
  localStorage.setItem(draftOfTab("B"), continued);
  const { user } = await openIn("B");
  await user.click(screen.getByRole("button", { name: /버리/u }));
  expect(drafts()).toEqual([draftOfTab("A")]);
});

test("logging out removes the drafts of all tabs, also of one that is open", async () => {
  localStorage.setItem(draftOfTab("closed"), JSON.stringify(stored("B")));
  await openIn("first");
  await type("A");
  act(() => forgetDevice());
  expect(drafts()).toEqual([]);
});

test.each(["{", "null", "[]", '{"draft":{}}', JSON.stringify({ ...stored("A"), draft: { ...stored("A").draft, lines: [{ key: 1, typed: "", quantity: "", unit: "", ingredient: "3" }] } })])(
  "what is damaged is no draft: %s",
  async (text) => {
    writeDraft("new", stored("A"));
    localStorage.setItem(draftKey("new"), text);
    await editor();
    expect(await title()).toHaveValue("");
  },
);

test("a saved recipe leaves no draft, neither its own nor the one that it started with", async () => {
  localStorage.setItem("hankki.draft.1.closed", JSON.stringify({ ...stored("A"), version: 3 }));
  const { user } = await openSite("/recipes/1/edit", routes, login());
  await type("B");
  await user.click(screen.getByRole("button", { name: "저장" }));
  await waitFor(() => expect(drafts()).toEqual([]));
});
