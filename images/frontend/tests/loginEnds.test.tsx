import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { readDraft } from "../src/features/editor/storage";
import { logoutKey } from "../src/session/forgetDevice";
import { sessionKey } from "../src/session/store";
import { problem, type Routes } from "./support/api";
import { ingredient, page, recipe, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite as open } from "./support/render";

const routes: Routes = {
  ...surroundings,
  "GET /me": () => ({ body: login().user }),
  "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
  "GET /recipes/1": () => ({ body: recipe }),
  "POST /recipes/cost": () => problem(503),
  "GET /ingredients/11": () => ({ body: ingredient(11, "김치") }),
  "GET /ingredients/11/prices": () => ({ body: { items: [] } }),
  "POST /auth/login": () => ({ body: login("token-2") }),
};
const openSite = (path: string, more: Routes = {}) => open(path, { ...routes, ...more }, login());
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const ended: Routes = { "POST /auth/refresh": () => problem(401) };

/** The event that browsers send to this tab when another tab changes the storage. */
function elsewhere(key: string, newValue: string | null): void {
  if (newValue === null) {
    localStorage.removeItem(key);
  }
  window.dispatchEvent(new StorageEvent("storage", { key, newValue, storageArea: localStorage }));
}

async function logInAgain(user: Awaited<ReturnType<typeof openSite>>["user"]) {
  await user.type(await screen.findByLabelText("이메일"), "cook@example.com");
  await user.type(screen.getByLabelText("비밀번호"), "correct horse{Enter}");
}

test("logging out closes an open editor and leaves no draft", async () => {
  const { user } = await openSite("/recipes/1/edit", { "POST /auth/logout": () => ({ status: 204 }) });
  await screen.findByDisplayValue("김치찌개");
  type("요리 이름", "내 찌개");
  await user.click(screen.getByRole("button", { name: "로그아웃" }));
  expect(await screen.findByRole("heading", { level: 1, name: "로그인" })).toBeInTheDocument();
  expect(Object.keys(localStorage)).toEqual([]);
});

test("a logout in another tab closes the editor here, and a last keystroke is not stored", async () => {
  await openSite("/recipes/1/edit");
  await screen.findByDisplayValue("김치찌개");
  elsewhere(sessionKey, null);
  type("요리 이름", "내 찌개");
  elsewhere(logoutKey, "now");
  expect(await screen.findByRole("heading", { level: 1, name: "로그인" })).toBeInTheDocument();
  expect(Object.keys(localStorage)).toEqual([]);
});

test("a session that another tab detects as expired closes no page: typed text is stored", async () => {
  await openSite("/recipes/1/edit");
  await screen.findByDisplayValue("김치찌개");
  elsewhere(sessionKey, null);
  type("요리 이름", "내 찌개");
  expect(readDraft("1", 7)?.draft.title).toBe("내 찌개");
});

const fill = async (user: Awaited<ReturnType<typeof openSite>>["user"], label: string, value: string) => {
  await user.clear(await screen.findByLabelText(label));
  await user.type(screen.getByLabelText(label), value);
};

test("a typed price survives an expired session: the form has it after the next login", async () => {
  const { user } = await openSite("/prices/11", { ...ended, "POST /ingredients/11/prices": () => problem(401) });
  await fill(user, "값 (원)", "9000");
  await fill(user, "양 (g)", "1.5{Enter}");
  const link = await screen.findByRole("link", { name: "로그인하고 새 값 알리기" });
  expect(screen.getByLabelText("값 (원)")).toHaveValue("9000");
  await user.click(link);
  await logInAgain(user);
  expect(await screen.findByLabelText("값 (원)")).toHaveValue("9000");
  expect(screen.getByLabelText("양 (g)")).toHaveValue("1.5");
  expect(screen.getByRole("button", { name: "새 값 알리기" })).toBeInTheDocument();
});

test("a typed ingredient survives a session that ended in another tab", async () => {
  const { user } = await openSite("/prices?q=쑥", { "GET /ingredients": () => page([]) });
  await fill(user, "값 (원)", "3000");
  elsewhere(sessionKey, null);
  const link = await screen.findByRole("link", { name: "로그인하고 새 재료 더하기" });
  expect(screen.getByLabelText("값 (원)")).toHaveValue("3000");
  await user.click(link);
  await logInAgain(user);
  expect(await screen.findByLabelText("값 (원)")).toHaveValue("3000");
  expect(screen.getByLabelText("재료 이름")).toHaveValue("쑥");
});

test("the account page keeps a typed name, but no password", async () => {
  const { user } = await openSite("/account", { ...ended, "PATCH /me": () => problem(401) });
  const passwords = within(await screen.findByRole("region", { name: "비밀번호 바꾸기" }));
  await user.type(passwords.getByLabelText("새 비밀번호"), "battery staple");
  await fill(user, "이름", "박요리{Enter}");
  const link = await screen.findByRole("link", { name: "로그인하고 저장" });
  expect(screen.getByLabelText("이름")).toHaveValue("박요리");
  expect(document.querySelectorAll("input[type=password]")).toHaveLength(0);
  await user.click(link);
  await logInAgain(user);
  expect(await screen.findByLabelText("이름")).toHaveValue("박요리");
  expect(screen.getByLabelText("새 비밀번호")).toHaveValue("");
});

test("the next user who logs in sees no data of the previous user", async () => {
  const other = { accessToken: "token-2", user: { id: 8, email: "other@example.com", name: "다른 이" } };
  const { user } = await openSite("/account", { ...ended, "PATCH /me": () => problem(401), "POST /auth/login": () => ({ body: other }) });
  await fill(user, "이름", "박요리{Enter}");
  await user.click(await screen.findByRole("link", { name: "로그인하고 저장" }));
  await logInAgain(user);
  expect(await screen.findByLabelText("이름")).toHaveValue("다른 이");
});

test("a logout in another tab closes the account page", async () => {
  await openSite("/account");
  await screen.findByLabelText("이름");
  elsewhere(sessionKey, null);
  elsewhere(logoutKey, "now");
  expect(await screen.findByRole("heading", { level: 1, name: "로그인" })).toBeInTheDocument();
});
