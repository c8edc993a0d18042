import { expect, onTestFinished, test, vi } from "vitest";
import { fetchMe, logOut } from "../src/api/auth";
import { createApi } from "../src/api/client";
import type { Login } from "../src/api/types";
import { problem, startApi, type Routes } from "./support/api";
import { login } from "./support/data";

const { signal } = new AbortController();
const superseded = problem(409, { type: "urn:hankki:problem:refresh-superseded" });
const unlessNew: Routes[string] = ({ authorization }) => (authorization === "Bearer new" ? { body: login().user } : problem(401));

/** Two tabs of one browser: they share the storage but not the memory. */
async function openTabs(routes: Routes) {
  const server = await startApi(routes);
  const kept: { login: Login | null } = { login: login("old") };
  const expired = vi.fn<() => void>();
  const session = {
    read: () => kept.login,
    write: (next: Login | null) => {
      kept.login = next;
    },
    expired,
  };
  return { first: createApi(server.url, session), second: createApi(server.url, session), server, kept, expired };
}

/** Locks as in browsers on secure pages: one holder at a time, in order. */
function offerLocks(): void {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, task: () => Promise<unknown>) => {
    const turn = last.then(task);
    last = turn.catch(() => {});
    return turn;
  };
  vi.stubGlobal("navigator", Object.create(navigator, { locks: { value: { request } } }));
  onTestFinished(() => void vi.unstubAllGlobals());
}

test("with locks, tabs that need a new token at the same moment exchange the cookie once", async () => {
  offerLocks();
  const { first, second, server } = await openTabs({ "GET /me": unlessNew, "POST /auth/refresh": () => ({ body: login("new") }) });
  await expect(Promise.all([fetchMe(first, signal), fetchMe(second, signal)])).resolves.toHaveLength(2);
  expect(server.count("POST /auth/refresh")).toBe(1);
});

test("without locks, the second tab uses the token that the first one got", async () => {
  let exchanged = false;
  const { first, second, server, kept, expired } = await openTabs({
    "GET /me": unlessNew,
    "POST /auth/refresh": () => {
      if (exchanged) {
        return superseded;
      }
      exchanged = true;
      return { body: login("new") };
    },
  });
  await expect(Promise.all([fetchMe(first, signal), fetchMe(second, signal)])).resolves.toHaveLength(2);
  expect(server.count("POST /auth/refresh")).toBe(2);
  expect(kept.login?.accessToken).toBe("new");
  expect(expired).not.toHaveBeenCalled();
});

test("a tab whose cookie was exchanged by a closed tab tries again with the next cookie", async () => {
  let tries = 0;
  const { first, kept } = await openTabs({
    "GET /me": unlessNew,
    "POST /auth/refresh": () => {
      tries += 1;
      return tries === 1 ? superseded : { body: login("new") };
    },
  });
  await fetchMe(first, signal);
  expect(kept.login?.accessToken).toBe("new");
});

test("a logout during a renewal stays in effect", async () => {
  const { first, second, kept } = await openTabs({
    "GET /me": unlessNew,
    "POST /auth/refresh": async () => {
      await logOut(second);
      return { body: login("new") };
    },
    "POST /auth/logout": () => ({ status: 204 }),
  });
  await expect(fetchMe(first, signal)).rejects.toMatchObject({ status: 401 });
  expect(kept.login).toBeNull();
});

test("a request is not repeated after another user has logged in", async () => {
  const { first, server, kept } = await openTabs({
    "GET /me": () => {
      kept.login = { accessToken: "new", user: { id: 8, email: "other@example.com", name: "다른 이" } };
      return problem(401);
    },
  });
  await expect(fetchMe(first, signal)).rejects.toMatchObject({ status: 401 });
  expect(server.count("GET /me")).toBe(1);
});
