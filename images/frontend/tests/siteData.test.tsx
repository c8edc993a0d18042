import { act, screen, waitFor } from "@testing-library/react";
import { createStore } from "jotai";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { createApi } from "../src/api/client";
import { fetchMe } from "../src/api/auth";
import { readItem, storedKeys, writeItem } from "../src/device/storage";
import { storedAtom } from "../src/device/storedAtom";
import { choiceAtom, choiceKey } from "../src/features/shopping/choice";
import { localeAtom, localeKey } from "../src/i18n";
import { sessionAtom, sessionKey, sessionPort } from "../src/session/store";
import { problem, startApi, type Routes } from "./support/api";
import { page, recipe, summary, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const denied = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};

/** The ways in which browsers block storage: access throws, gives null, or writing throws. */
const refusals: Record<string, PropertyDescriptor> = {
  "throws on access": { get: denied },
  "is null": { value: null },
  "throws on every use": { value: { getItem: denied, setItem: denied, removeItem: denied } },
  "is full from the start": {
    value: {
      getItem: () => null,
      removeItem: () => {},
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    },
  },
};

const areas = ["localStorage", "sessionStorage"] as const;
const usual = areas.map((area) => [area, Object.getOwnPropertyDescriptor(window, area)] as const);

function refuseStorage(refusal: PropertyDescriptor | undefined) {
  for (const area of areas) {
    Object.defineProperty(window, area, { configurable: true, ...refusal });
  }
}

afterEach(() => {
  vi.restoreAllMocks();
  for (const [area, property] of usual) {
    Object.defineProperty(window, area, property ?? {});
  }
  for (const key of storedKeys()) {
    writeItem(key, null);
  }
});

const routes: Routes = {
  ...surroundings,
  "GET /recipes": () => page([summary(1, "김치찌개")]),
  "GET /recipes/1": () => ({ body: recipe }),
  "GET /me": () => ({ body: login().user }),
  "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
  "POST /auth/login": () => ({ body: login() }),
  "POST /auth/logout": () => ({ status: 204 }),
};

test.each(Object.keys(refusals))("in a browser whose storage %s, login, shopping list and logout work", async (how) => {
  refuseStorage(refusals[how]);
  const { user, session } = await openSite("/login", routes);
  await user.type(await screen.findByLabelText("이메일"), "cook@example.com");
  await user.type(screen.getByLabelText("비밀번호"), "correct horse");
  await user.click(screen.getByRole("button", { name: "로그인" }));
  await user.click(await screen.findByRole("link", { name: /김치찌개/u }));
  await user.click(await screen.findByRole("button", { name: "2인분 장보기에 담기" }));
  expect(await screen.findByRole("link", { name: "장보기 목록 보기" })).toBeInTheDocument();
  expect(session()).toEqual(login());
  await user.click(screen.getByRole("button", { name: "로그아웃" }));
  await waitFor(() => expect(session()).toBeNull());
  expect(readItem(choiceKey)).toBeNull();
  await user.click(screen.getByRole("button", { name: "English" }));
  expect(await screen.findByRole("link", { name: "Log in" })).toBeInTheDocument();
});

test("values that cannot be stored stay in memory until another tab writes newer ones", () => {
  localStorage.setItem("hankki.test", "old");
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(denied);
  expect(writeItem("hankki.test", "mine")).toBe(false);
  expect(readItem("hankki.test")).toBe("mine");
  vi.restoreAllMocks();
  const store = createStore();
  const textAtom = storedAtom("hankki.test", String);
  const stop = store.sub(textAtom, () => {});
  fromAnotherTab("hankki.test", '"theirs"');
  expect(store.get(textAtom)).toBe("theirs");
  expect(readItem("hankki.test")).toBe('"theirs"');
  stop();
});

function fromAnotherTab(key: string | null, newValue: string | null, storageArea: Storage = localStorage) {
  if (key === null) {
    storageArea.clear();
  } else if (newValue === null) {
    storageArea.removeItem(key);
  } else {
    storageArea.setItem(key, newValue);
  }
  window.dispatchEvent(new StorageEvent("storage", { key, newValue, storageArea }));
}

const damaged = ["{broken", "null", "1", '"toString"', "{}", "[null, 1, {}]", '{"accessToken":1}', '{"accessToken":"a","user":{"email":"a@b.kr"}}'];

test.each(damaged)("values stored by another tab are validated: %s", (text) => {
  const store = createStore();
  const stops = [store.sub(sessionAtom, () => {}), store.sub(choiceAtom, () => {}), store.sub(localeAtom, () => {})];
  store.set(sessionAtom, login());
  store.set(choiceAtom, [{ id: 1, title: "김치찌개", servings: 2 }]);
  store.set(localeAtom, "en");
  for (const key of [sessionKey, choiceKey, localeKey]) {
    fromAnotherTab(key, text);
  }
  expect(store.get(sessionAtom)).toBeNull();
  expect(store.get(choiceAtom)).toEqual([]);
  expect(store.get(localeAtom)).toBe("ko");
  for (const stop of stops) {
    stop();
  }
});

test("damaged entries in the list of another tab are omitted, and the others accepted", () => {
  const store = createStore();
  const stop = store.sub(choiceAtom, () => {});
  const stew = { id: 1, title: "김치찌개", servings: 2 };
  fromAnotherTab(choiceKey, JSON.stringify([stew, { ...stew, servings: "2" }, null]));
  expect(store.get(choiceAtom)).toEqual([stew]);
  stop();
});

test("events of Session Storage are ignored; cleared site data are not", () => {
  const store = createStore();
  const stop = store.sub(sessionAtom, () => {});
  store.set(sessionAtom, login());
  fromAnotherTab(sessionKey, null, sessionStorage);
  expect(store.get(sessionAtom)).toEqual(login());
  fromAnotherTab(null, null);
  expect(store.get(sessionAtom)).toBeNull();
  stop();
});

test("an open page works while another tab stores unknown values", async () => {
  await openSite("/", routes);
  await screen.findByRole("link", { name: /김치찌개/u });
  for (const key of [sessionKey, choiceKey, localeKey, "hankki.theme"]) {
    act(() => fromAnotherTab(key, '{"of":"another release"}'));
  }
  expect(screen.getByRole("link", { name: /김치찌개/u })).toBeInTheDocument();
});

test("in a browser that refuses locks, the login is renewed once", async () => {
  const request = () => Promise.reject(new DOMException("Access to the Locks API is denied", "SecurityError"));
  vi.stubGlobal("navigator", Object.create(navigator, { locks: { value: { request } } }));
  onTestFinished(() => void vi.unstubAllGlobals());
  const server = await startApi({
    "GET /me": ({ authorization }) => (authorization === "Bearer new" ? { body: login().user } : problem(401)),
    "POST /auth/refresh": () => ({ body: login("new") }),
  });
  const store = createStore();
  store.set(sessionAtom, login("old"));
  await fetchMe(createApi(server.url, sessionPort(store)), new AbortController().signal);
  expect(server.count("POST /auth/refresh")).toBe(1);
});
