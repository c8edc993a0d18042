import { expect, test, vi } from "vitest";
import { fetchMe, logIn, logOut } from "../src/api/auth";
import { createApi } from "../src/api/client";
import type { Login } from "../src/api/types";
import { problem, startApi, type Answer, type Routes } from "./support/api";
import { login } from "./support/data";

const { signal } = new AbortController();
const credentials = { email: "cook@example.com", password: "correct horse" };
const withToken = (accessToken: string, refreshToken: string): Login => ({ ...login(accessToken), refreshToken });
const given = (accessToken: string, refreshToken: string): Answer => ({ body: withToken(accessToken, refreshToken) });

/** Tabs of one browser, and an API that accepts only the access token "new". */
async function openTab(routes: Routes, stored: Login | null) {
  const me: Routes[string] = ({ authorization }) => (authorization === "Bearer new" ? { body: login().user } : problem(401));
  const server = await startApi({ "GET /me": me, ...routes });
  const kept = { login: stored };
  const expired = vi.fn<() => void>();
  const write = (next: Login | null) => {
    kept.login = next;
  };
  const tab = () => createApi(server.url, { read: () => kept.login, write, expired });
  return { api: tab(), tab, server, kept, expired };
}

const sent = (server: Awaited<ReturnType<typeof startApi>>, route: string) =>
  server.calls.filter((call) => call.route === route).map(({ body }) => body);

test("a page stores no refresh token if the browser sends the cookie", async () => {
  const { api, server, kept } = await openTab(
    { "POST /auth/login": () => given("first", "t0"), "POST /auth/token": () => ({ body: login("new") }) },
    null,
  );
  await logIn(api, credentials);
  await expect.poll(() => kept.login).toEqual(login("new"));
  expect(server.calls[0]?.query.get("refreshToken")).toBe("body");
  expect(sent(server, "POST /auth/token")).toEqual([{ refreshToken: "t0" }]);
});

test("without the cookie, the page renews the login by the last token", async () => {
  const answers = [given("outdated", "t1"), given("new", "t2")];
  const { api, server, kept } = await openTab(
    { "POST /auth/login": () => given("first", "t0"), "POST /auth/token": () => answers.shift() ?? problem(500) },
    null,
  );
  await logIn(api, credentials);
  await expect.poll(() => kept.login?.refreshToken).toBe("t1");
  await expect(fetchMe(api, signal)).resolves.toEqual(login().user);
  expect(kept.login).toEqual(withToken("new", "t2"));
  expect(sent(server, "POST /auth/token")).toEqual([{ refreshToken: "t0" }, { refreshToken: "t1" }]);
  expect(server.count("POST /auth/refresh")).toBe(0);
});

test("a failed renewal after a login keeps the login, and the next renewal tries again", async () => {
  const answers = [problem(503), given("new", "t1")];
  const { api, server, kept, expired } = await openTab(
    { "POST /auth/login": () => given("first", "t0"), "POST /auth/token": () => answers.shift() ?? problem(500) },
    null,
  );
  await logIn(api, credentials);
  await expect.poll(() => server.count("POST /auth/token")).toBe(1);
  expect(kept.login).toEqual(withToken("first", "t0"));
  // The renewal may still be running; this request then shares it.
  await expect.poll(async () => await fetchMe(api, signal).catch(() => null)).toEqual(login().user);
  expect(kept.login).toEqual(withToken("new", "t1"));
  expect(sent(server, "POST /auth/token")).toEqual([{ refreshToken: "t0" }, { refreshToken: "t0" }]);
  expect(expired).not.toHaveBeenCalled();
});

test("an API of the previous version returns no token: the page uses the cookie", async () => {
  const { api, server, kept } = await openTab(
    { "POST /auth/login": () => ({ body: login("first") }), "POST /auth/refresh": () => ({ body: login("new") }) },
    null,
  );
  await logIn(api, credentials);
  await fetchMe(api, signal);
  expect(kept.login).toEqual(login("new"));
  expect(server.count("POST /auth/token")).toBe(0);
});

test("a pod of the previous version does not have the token's route: the page tries another pod", async () => {
  const answers = [problem(404), problem(404), given("new", "t1")];
  const { api, kept } = await openTab({ "POST /auth/token": () => answers.shift() ?? problem(500) }, withToken("old", "t0"));
  await expect(fetchMe(api, signal)).resolves.toEqual(login().user);
  expect(kept.login).toEqual(withToken("new", "t1"));
});

test.each([
  ["/auth/token", withToken("old", "t0"), problem(404)],
  ["/auth/refresh", login("old"), problem(409, { type: "urn:hankki:problem:refresh-superseded" })],
])("while only pods of the previous version respond to %s, the API is unavailable and the login stays", async (path, stored, answer) => {
  const { api, server, kept, expired } = await openTab({ [`POST ${path}`]: () => answer }, stored);
  await expect(fetchMe(api, signal)).rejects.toMatchObject({ status: 503 });
  expect(server.count(`POST ${path}`)).toBe(3);
  expect(kept.login).toEqual(stored);
  expect(expired).not.toHaveBeenCalled();
});

test("an API that refuses the token ends the login, which is reported", async () => {
  const { api, kept, expired } = await openTab({ "POST /auth/token": () => problem(401) }, withToken("old", "t0"));
  await expect(fetchMe(api, signal)).rejects.toMatchObject({ status: 401 });
  expect(kept.login).toBeNull();
  expect(expired).toHaveBeenCalledOnce();
});

test("two tabs that renew at the same time get one token each, and both use one of them", async () => {
  let count = 0;
  const { api, tab, server, kept } = await openTab(
    {
      "POST /auth/token": async () => {
        count += 1;
        const mine = count;
        await expect.poll(() => count).toBe(2);
        return given("new", `t${mine}`);
      },
    },
    withToken("old", "t0"),
  );
  await expect(Promise.all([fetchMe(api, signal), fetchMe(tab(), signal)])).resolves.toHaveLength(2);
  expect(sent(server, "POST /auth/token")).toEqual([{ refreshToken: "t0" }, { refreshToken: "t0" }]);
  expect(["t1", "t2"]).toContain(kept.login?.refreshToken);
});

test.each([401, 503])("a renewal that fails with %i has no effect if another tab has renewed the login meanwhile", async (status) => {
  const { api, kept, expired } = await openTab(
    {
      "POST /auth/token": () => {
        kept.login = withToken("new", "t1");
        return problem(status);
      },
    },
    withToken("old", "t0"),
  );
  await expect(fetchMe(api, signal)).resolves.toEqual(login().user);
  expect(kept.login).toEqual(withToken("new", "t1"));
  expect(expired).not.toHaveBeenCalled();
});

test.each([
  ["the token that the page keeps", withToken("new", "t0"), { refreshToken: "t0" }],
  ["no body where the cookie does", login("new"), undefined],
])("logging out sends %s", async (_what, stored, body) => {
  const { api, server, kept } = await openTab({ "POST /auth/logout": () => ({ status: 204 }) }, stored);
  await expect(logOut(api)).resolves.toBe(true);
  expect(sent(server, "POST /auth/logout")).toEqual([body]);
  expect(kept.login).toBeNull();
});
