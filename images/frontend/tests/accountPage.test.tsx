import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { problem, type Routes } from "./support/api";
import { login } from "./support/data";
import { held } from "./support/held";
import { openSite } from "./support/render";

const me: Routes = { "GET /me": () => ({ body: login().user }), "GET /recipes": () => ({ body: { items: [], nextCursor: null } }) };
const passwordWrong = problem(422, { type: "urn:hankki:problem:password-wrong", detail: "The password is wrong." });

const openAccount = async (routes: Routes) => {
  const site = await openSite("/account", { ...me, ...routes }, login());
  await screen.findByRole("heading", { level: 1, name: "내 계정" });
  return site;
};
const section = (name: string) => within(screen.getByRole("region", { name }));

test("the account page requires a login, and opens after it", async () => {
  const { user } = await openSite("/account", { ...me, "POST /auth/login": () => ({ body: login() }) });
  await user.type(await screen.findByLabelText("이메일"), "cook@example.com");
  await user.type(screen.getByLabelText("비밀번호"), "correct horse{Enter}");
  expect(await screen.findByRole("heading", { level: 1, name: "내 계정" })).toBeInTheDocument();
});

test("a new name is shown at once, and stays", async () => {
  const { api, user, session } = await openAccount({ "PATCH /me": () => ({ body: { ...login().user, name: "박요리" } }) });
  const name = section("이름 바꾸기").getByLabelText("이름");
  await user.clear(name);
  await user.type(name, " 박요리 {Enter}");
  expect(await screen.findByText("이름을 바꾸었어요.")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "박요리님" })).toHaveAttribute("href", "/account");
  expect(session()?.user.name).toBe("박요리");
  expect(api.calls.find(({ route }) => route === "PATCH /me")?.body).toEqual({ name: "박요리" });
});

test("a late response with the old name does not replace the new one", async () => {
  const before = held(() => ({ body: login().user }));
  const { queryClient, user, session } = await openAccount({ "GET /me": before.waiting, "PATCH /me": () => ({ body: { ...login().user, name: "박요리" } }) });
  const name = section("이름 바꾸기").getByLabelText("이름");
  await waitFor(() => expect(before.isAsked()).toBe(true));
  await user.clear(name);
  await user.type(name, "박요리{Enter}");
  expect(await screen.findByText("이름을 바꾸었어요.")).toBeInTheDocument();
  before.letGo();
  await waitFor(() => expect(queryClient.isFetching()).toBe(0));
  expect(await screen.findByRole("link", { name: "박요리님" })).toBeInTheDocument();
  expect(session()?.user.name).toBe("박요리");
});

test("a password change needs both passwords, reports a wrong one, and clears the fields at the end", async () => {
  let right = false;
  const { api, user } = await openAccount({ "PUT /me/password": () => (right ? { status: 204 } : passwordWrong) });
  const form = section("비밀번호 바꾸기");
  await user.click(form.getByRole("button", { name: "비밀번호 바꾸기" }));
  expect(form.getByLabelText("지금 비밀번호")).toHaveFocus();
  expect(api.count("PUT /me/password")).toBe(0);

  await user.type(form.getByLabelText("지금 비밀번호"), "correct horse");
  await user.type(form.getByLabelText("새 비밀번호"), "battery staple{Enter}");
  expect(await form.findByText("비밀번호가 맞지 않아요.")).toBeInTheDocument();
  expect(form.getByLabelText("새 비밀번호")).toHaveValue("battery staple");

  right = true;
  await user.click(form.getByRole("button", { name: "비밀번호 바꾸기" }));
  expect(await form.findByText(/비밀번호를 바꾸었어요/u)).toBeInTheDocument();
  expect(form.getByLabelText("새 비밀번호")).toHaveValue("");
  expect(api.calls.findLast(({ route }) => route === "PUT /me/password")?.body).toEqual({
    currentPassword: "correct horse",
    newPassword: "battery staple",
  });
});

test("logout everywhere ends the login here too; a failure is reported and ends nothing", async () => {
  let broken = true;
  const { user, session } = await openAccount({ "POST /auth/logout-all": () => (broken ? problem(503) : { status: 204 }) });
  const part = section("모든 기기에서 로그아웃");
  await user.click(part.getByRole("button", { name: "모두 로그아웃" }));
  expect(await part.findByText(/지금은 서버가 바빠요/u)).toBeInTheDocument();
  expect(session()).not.toBeNull();

  broken = false;
  await user.click(part.getByRole("button", { name: "모두 로그아웃" }));
  expect(await screen.findByText("모든 기기에서 로그아웃했어요.")).toBeInTheDocument();
  expect(session()).toBeNull();
});

test("deleting the account takes two steps and the password", async () => {
  let right = false;
  const { api, user, session } = await openAccount({ "POST /me/deletion": () => (right ? { status: 204 } : passwordWrong) });
  localStorage.setItem("hankki.shopping", "[]");
  const part = section("계정 지우기");
  expect(part.queryByLabelText("비밀번호")).not.toBeInTheDocument();
  await user.click(part.getByRole("button", { name: "계정을 지우려고 해요" }));
  await user.type(part.getByLabelText("비밀번호"), "correct horse{Enter}");
  expect(await part.findByText("비밀번호가 맞지 않아요.")).toBeInTheDocument();
  expect(session()).not.toBeNull();

  right = true;
  await user.click(part.getByRole("button", { name: "영영 지우기" }));
  expect(await screen.findByText(/계정을 지웠어요/u)).toBeInTheDocument();
  expect(session()).toBeNull();
  expect(localStorage.getItem("hankki.shopping")).toBeNull();
  expect(api.calls.findLast(({ route }) => route === "POST /me/deletion")?.body).toEqual({ password: "correct horse" });
});
