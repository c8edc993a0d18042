import { expect, test, vi } from "vitest";
import { fetchMe, logIn, logOut } from "../src/api/auth";
import { createApi } from "../src/api/client";
import { ApiError } from "../src/api/problem";
import type { Login } from "../src/api/types";
import { problem, startApi, type Routes } from "./support/api";
import { login } from "./support/data";

async function clientFor(routes: Routes, stored: Login | null = login("old")) {
  const server = await startApi(routes);
  const kept = { login: stored };
  const expired = vi.fn<() => void>();
  const api = createApi(server.url, {
    read: () => kept.login,
    write: (next) => {
      kept.login = next;
    },
    expired,
  });
  return { api, server, kept, expired };
}

const unlessNew: Routes[string] = ({ authorization }) => (authorization === "Bearer new" ? { body: login().user } : problem(401));
const { signal } = new AbortController();

test("a refused token is renewed once and the request repeated with the new one", async () => {
  const { api, server, kept } = await clientFor({ "GET /me": unlessNew, "POST /auth/refresh": () => ({ body: login("new") }) });
  await expect(fetchMe(api, signal)).resolves.toEqual(login().user);
  expect(server.calls.map(({ route, authorization }) => [route, authorization])).toEqual([
    ["GET /me", "Bearer old"],
    ["POST /auth/refresh", undefined],
    ["GET /me", "Bearer new"],
  ]);
  expect(kept.login?.accessToken).toBe("new");
});

test("concurrently refused requests share one renewal", async () => {
  const { api, server } = await clientFor({ "GET /me": unlessNew, "POST /auth/refresh": () => ({ body: login("new") }) });
  await Promise.all([fetchMe(api, signal), fetchMe(api, signal), fetchMe(api, signal)]);
  expect(server.count("POST /auth/refresh")).toBe(1);
});

test("a request whose token was renewed meanwhile is repeated without another renewal", async () => {
  const { api, server, kept } = await clientFor({
    "GET /me": (call) => {
      kept.login = login("new");
      return unlessNew(call);
    },
  });
  await expect(fetchMe(api, signal)).resolves.toEqual(login().user);
  expect(server.count("POST /auth/refresh")).toBe(0);
});

test("a request that is refused again after the renewal fails, without a loop", async () => {
  const { api, server } = await clientFor({ "GET /me": () => problem(401), "POST /auth/refresh": () => ({ body: login("new") }) });
  await expect(fetchMe(api, signal)).rejects.toMatchObject({ status: 401 });
  expect(server.count("GET /me")).toBe(2);
  expect(server.count("POST /auth/refresh")).toBe(1);
});

test("a refused renewal ends the login, which is reported", async () => {
  const { api, kept, expired } = await clientFor({ "GET /me": () => problem(401), "POST /auth/refresh": () => problem(401) });
  await expect(fetchMe(api, signal)).rejects.toMatchObject({ status: 401 });
  expect(kept.login).toBeNull();
  expect(expired).toHaveBeenCalledOnce();
});

test("a renewal without a response does not change the login", async () => {
  const { api, kept, expired } = await clientFor({ "GET /me": () => problem(401), "POST /auth/refresh": () => problem(503) });
  await expect(fetchMe(api, signal)).rejects.toMatchObject({ status: 503 });
  expect(kept.login?.accessToken).toBe("old");
  expect(expired).not.toHaveBeenCalled();
});

test("a wrong password is reported without a renewal", async () => {
  const { api, server } = await clientFor({ "POST /auth/login": () => problem(401) }, null);
  await expect(logIn(api, { email: "a@b.kr", password: "wrong" })).rejects.toMatchObject({ status: 401 });
  expect(server.calls.map(({ route }) => route)).toEqual(["POST /auth/login"]);
});

test.each([
  ["ends the session", 204, true],
  ["knows no session", 401, true],
  ["cannot answer", 503, false],
])("logging out forgets the login when the API %s", async (_case, status, ended) => {
  const { api, kept } = await clientFor({ "POST /auth/logout": () => (status === 204 ? { status } : problem(status)) });
  await expect(logOut(api)).resolves.toBe(ended);
  expect(kept.login).toBeNull();
});

test("the field errors of a problem document are available by name, the first message first", async () => {
  const errors = [
    { pointer: "#/email", detail: "not an email" },
    { pointer: "#/email", detail: "too long" },
    { parameter: "limit", detail: "not of the body" },
  ];
  const { api } = await clientFor({ "POST /auth/login": () => problem(422, { detail: "invalid", errors }) }, null);
  const failure = await logIn(api, { email: "", password: "" }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({ status: 422, message: "invalid", fields: { email: "not an email" } });
});

test("a missing response has the status 0", async () => {
  const api = createApi("http://127.0.0.1:9", { read: () => null, write: () => {}, expired: () => {} });
  await expect(fetchMe(api, signal)).rejects.toMatchObject({ name: "ApiError", status: 0 });
});

test("the error of a 429 has the time to wait, and the error of a problem its name", async () => {
  const { api } = await clientFor(
    { "POST /auth/login": () => problem(429, { type: "urn:hankki:problem:too-many-attempts" }, { "Retry-After": "120" }) },
    null,
  );
  await expect(logIn(api, { email: "a@b.kr", password: "x" })).rejects.toMatchObject({ problem: "too-many-attempts", retryAfter: 120 });
});
