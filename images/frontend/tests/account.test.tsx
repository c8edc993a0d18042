import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { sessionKey } from "../src/session/store";
import { problem, type Routes } from "./support/api";
import { login } from "./support/data";
import { openSite } from "./support/render";

const recipes: Routes = { "GET /recipes": () => ({ body: { items: [], nextCursor: null } }) };
const me: Routes = { "GET /me": () => ({ body: login().user }) };

async function fillLogin(user: Awaited<ReturnType<typeof openSite>>["user"]) {
  await user.type(await screen.findByLabelText("이메일"), "cook@example.com");
  await user.type(screen.getByLabelText("비밀번호"), "correct horse{Enter}");
}

async function fillSignUp(user: Awaited<ReturnType<typeof openSite>>["user"]) {
  await user.type(await screen.findByLabelText("이름"), "김요리");
  await fillLogin(user);
}

test("login stores the token, shows the user and opens the list", async () => {
  const { api, user, session } = await openSite("/login", { ...recipes, ...me, "POST /auth/login": () => ({ body: login() }) });
  await fillLogin(user);
  expect(await screen.findByText("김요리님")).toBeInTheDocument();
  expect(await screen.findByText("아직 요리가 없어요.")).toBeInTheDocument();
  expect(session()).toEqual(login());
  expect(localStorage.getItem(sessionKey)).toContain("token-1");
  expect(api.calls[0]).toMatchObject({ route: "POST /auth/login", body: { email: "cook@example.com", password: "correct horse" } });
});

test.each([
  [401, "이메일이나 비밀번호가 맞지 않아요."],
  [429, "시도가 너무 많았어요."],
  [503, "지금은 서버가 바빠요."],
])("a login refused with %d shows the reason and keeps the typed values", async (status, reason) => {
  const { user } = await openSite("/login", { "POST /auth/login": () => problem(status) });
  await fillLogin(user);
  expect(await screen.findByText(reason, { exact: false })).toBeInTheDocument();
  expect(screen.getByLabelText("이메일")).toHaveValue("cook@example.com");
  expect(screen.getByLabelText("비밀번호")).toHaveValue("correct horse");
});

test("invalid fields are reported before the request, and the first one has the focus", async () => {
  const { api, user } = await openSite("/signup", {});
  await user.type(await screen.findByLabelText("이름"), "김요리");
  await user.type(screen.getByLabelText("이메일"), "cook@");
  await user.type(screen.getByLabelText("비밀번호"), "short{Enter}");
  expect(screen.getByLabelText("이름")).toBeValid();
  expect(screen.getByLabelText("이메일")).toHaveFocus();
  expect(screen.getByLabelText("이메일")).toHaveAccessibleDescription("이메일 주소를 확인해 주세요. 예: cook@example.com");
  expect(screen.getByLabelText("비밀번호")).toBeInvalid();
  expect(screen.getByLabelText("비밀번호")).toHaveValue("short");
  expect(api.calls).toEqual([]);
});

test("a field that the API refuses is marked, in the page's language, and typed values stay", async () => {
  const errors = [{ pointer: "#/email", detail: "Not a valid email address." }];
  const { user } = await openSite("/signup", { "POST /auth/signup": () => problem(422, { errors }) });
  await fillSignUp(user);
  await waitFor(() => expect(screen.getByLabelText("이메일")).toBeInvalid());
  expect(screen.getByText("이메일 주소를 확인해 주세요. 예: cook@example.com")).toBeInTheDocument();
  expect(screen.getByLabelText("이름")).toHaveValue("김요리");
  expect(screen.getByLabelText("비밀번호")).toHaveValue("correct horse");
});

test("a pasted tab in the name becomes a space", async () => {
  const { api, user } = await openSite("/signup", { "POST /auth/signup": () => problem(503) });
  fireEvent.change(await screen.findByLabelText("이름"), { target: { value: "김\t요리\t" } });
  await fillLogin(user);
  await waitFor(() => expect(api.calls[0]?.body).toMatchObject({ name: "김 요리" }));
});

test("signing up logs in", async () => {
  const { api, user } = await openSite("/signup", {
    ...recipes,
    ...me,
    "POST /auth/signup": () => ({ status: 201, body: { user: login().user } }),
    "POST /auth/login": () => ({ body: login() }),
  });
  await fillSignUp(user);
  expect(await screen.findByText("김요리님")).toBeInTheDocument();
  expect(api.calls[0]?.body).toEqual({ name: "김요리", email: "cook@example.com", password: "correct horse" });
});

test.each([
  ["has an account already", 401, /^이메일이나 비밀번호가 맞지 않아요/u],
  ["cannot log in right now", 503, /가입했어요. 이제 로그인해 주세요/u],
])("signing up with an email that %s leads to the login page, with the email filled in", async (_case, status, message) => {
  const { user } = await openSite("/signup", {
    "POST /auth/signup": () => ({ status: 201, body: { user: { email: "cook@example.com", name: "김요리" } } }),
    "POST /auth/login": () => problem(status),
  });
  await fillSignUp(user);
  expect(await screen.findByText(message)).toBeInTheDocument();
  expect(screen.queryByText(/이미 가입/u), "no hint whether there is an account").not.toBeInTheDocument();
  expect(await screen.findByLabelText("이메일")).toHaveValue("cook@example.com");
});

test.each([
  [{ "Retry-After": "90" }, "2분 뒤에"],
  [{ "Retry-After": "5" }, "5초 뒤에"],
  [{}, "잠시 뒤에"],
])("too many attempts (%j): the page shows how long to wait", async (headers, message) => {
  const { user } = await openSite("/login", { "POST /auth/login": () => problem(429, {}, headers) });
  await fillLogin(user);
  expect(await screen.findByText(message, { exact: false })).toBeInTheDocument();
});

test("logging out removes the login and its cached data", async () => {
  const { user, session, queryClient } = await openSite("/login", {
    ...recipes,
    ...me,
    "POST /auth/login": () => ({ body: login() }),
    "POST /auth/logout": () => ({ status: 204 }),
  });
  await fillLogin(user);
  await user.click(await screen.findByRole("button", { name: "로그아웃" }));
  expect(await screen.findByRole("link", { name: "로그인" })).toBeInTheDocument();
  expect(await screen.findByText("로그아웃했어요.")).toBeInTheDocument();
  expect(session()).toBeNull();
  expect(localStorage.getItem(sessionKey)).toBeNull();
  expect(queryClient.getQueriesData({ queryKey: ["mine"] }).filter(([, data]) => data !== undefined)).toEqual([]);
  expect(queryClient.getMutationCache().getAll(), "a form's values").toEqual([]);
});

test("a session that has ended elsewhere is detected and reported", async () => {
  const { user, session } = await openSite("/login", {
    ...recipes,
    "POST /auth/login": () => ({ body: login() }),
    "GET /me": () => problem(401),
    "POST /auth/refresh": () => problem(401),
  });
  await fillLogin(user);
  expect(await screen.findByText(/로그인한 지 오래되어/u)).toBeInTheDocument();
  expect(session()).toBeNull();
});
