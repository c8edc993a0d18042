import { QueryClient } from "@tanstack/react-query";
import { createStore } from "jotai";
import { expect, test, vi } from "vitest";
import { mine } from "../src/api/queries";
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

test("forgetting the login leaves nothing in the storage", async () => {
  const session = sessionPort(createStore());
  session.write(login());
  session.write(null);
  expect(localStorage.getItem(sessionKey)).toBeNull();
  expect(await afterReload()).toBeNull();
});

test.each(["{broken", "null", '"text"', '{"accessToken":1}', '{"accessToken":"x","user":null}'])("damaged storage (%s) is no login", async (stored) => {
  localStorage.setItem(sessionKey, stored);
  expect(await afterReload()).toBeNull();
});

test("logging out in another tab logs out here and forgets what was loaded for the person, and only that", () => {
  const store = createStore();
  const queryClient = new QueryClient();
  const stop = forgetOnLogout(store, queryClient);
  store.set(sessionAtom, login());
  queryClient.setQueryData([mine, 7, "me"], login().user);
  queryClient.setQueryData(["recipes", ""], { pages: [] });

  localStorage.removeItem(sessionKey);
  window.dispatchEvent(new StorageEvent("storage", { key: sessionKey, newValue: null, storageArea: localStorage }));

  expect(store.get(sessionAtom)).toBeNull();
  expect(queryClient.getQueryData([mine, 7, "me"])).toBeUndefined();
  expect(queryClient.getQueryData(["recipes", ""])).toBeDefined();
  stop();
});
