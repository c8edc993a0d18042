import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { createStore } from "jotai";
import { atomWithStorage } from "jotai/utils";
import { expect, test, vi } from "vitest";
import { mine } from "../src/api/queries";
import { forgetDevice } from "../src/session/forgetDevice";
import { forgetOnLogout, sessionAtom, sessionKey, sessionPort } from "../src/session/store";
import { login } from "./support/data";

/** The atom reads the storage when its module is loaded, as after a reload of the page. */
async function afterReload() {
  vi.resetModules();
  const fresh = await import("../src/session/store");
  return createStore().get(fresh.sessionAtom);
}

test("the login survives a reload", async () => {
  sessionPort(createStore()).write(login("kept"));
  expect(JSON.parse(localStorage.getItem(sessionKey) ?? "null")).toEqual(login("kept"));
  expect(await afterReload()).toEqual(login("kept"));
});

test("removing the login leaves nothing in the storage", async () => {
  const session = sessionPort(createStore());
  session.write(login());
  session.write(null);
  expect(localStorage.getItem(sessionKey)).toBeNull();
  expect(await afterReload()).toBeNull();
});

test.each(["{broken", "null", '"text"', '{"accessToken":1}', '{"accessToken":"x","user":null}', '{"accessToken":"x","refreshToken":1,"user":{"email":"a@b.kr"}}'])("damaged storage (%s) is not a login", async (stored) => {
  localStorage.setItem(sessionKey, stored);
  expect(await afterReload()).toBeNull();
});

test("a logout in another tab logs out here and removes cached data, except the open page's public content", () => {
  const store = createStore();
  const queryClient = new QueryClient();
  const stop = forgetOnLogout(store, queryClient);
  store.set(sessionAtom, login());
  queryClient.setQueryData([mine, 7, "me"], login().user);
  queryClient.setQueryData(["recipes", ""], { pages: [] });
  queryClient.setQueryData(["recipe", "1"], {});
  const close = new QueryObserver(queryClient, { queryKey: ["recipes", ""], staleTime: Infinity }).subscribe(() => {});

  localStorage.removeItem(sessionKey);
  window.dispatchEvent(new StorageEvent("storage", { key: sessionKey, newValue: null, storageArea: localStorage }));

  expect(store.get(sessionAtom)).toBeNull();
  expect(queryClient.getQueryData([mine, 7, "me"])).toBeUndefined();
  expect(queryClient.getQueryData(["recipe", "1"])).toBeUndefined();
  expect(queryClient.getQueryData(["recipes", ""])).toBeDefined();
  close();
  stop();
});

test("a logout removes the site's stored data, but not the device's settings; the atoms of this tab are updated", () => {
  const store = createStore();
  const listAtom = atomWithStorage("hankki.shopping", ["-"], undefined, { getOnInit: true });
  const stop = store.sub(listAtom, () => {});
  store.set(listAtom, ["1:2"]);
  localStorage.setItem("hankki.locale", '"en"');
  localStorage.setItem("hankki.theme", '"dark"');
  localStorage.setItem("another.site", "kept");

  forgetDevice();

  expect(Object.keys(localStorage).toSorted()).toEqual(["another.site", "hankki.locale", "hankki.theme"]);
  expect(store.get(listAtom)).toEqual(["-"]);
  stop();
});

test("a login that another tab has just stored is used before this tab's atom is updated", () => {
  const session = sessionPort(createStore());
  session.write(login("old"));
  localStorage.setItem(sessionKey, JSON.stringify(login("new")));
  expect(session.read()).toEqual(login("new"));
});
