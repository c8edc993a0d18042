import type { QueryClient } from "@tanstack/react-query";
import { atom, type createStore } from "jotai";
import { atomWithStorage, createJSONStorage } from "jotai/utils";
import type { SessionPort } from "../api/client";
import { mine } from "../api/queries";
import type { Login } from "../api/types";

export type Store = ReturnType<typeof createStore>;

export const sessionKey = "hankki.session";

const json = createJSONStorage<Login | null>(() => localStorage);

const storage = {
  ...json,
  // What is stored may be damaged, or of an earlier release.
  getItem: (key: string, initial: Login | null): Login | null => {
    const stored: unknown = json.getItem(key, initial);
    return isLogin(stored) ? stored : null;
  },
  setItem: (key: string, login: Login | null): void => (login ? json.setItem(key, login) : json.removeItem(key)),
};

/** Who is logged in, with the tokens, kept in Local Storage: they survive a reload and other tabs follow. */
export const sessionAtom = atomWithStorage<Login | null>(sessionKey, null, storage, { getOnInit: true });

/** A sentence for the person that outlives the page it was caused on. */
export type Notice =
  | "sessionExpired"
  | "loggedOut"
  | "loggedOutEverywhere"
  | "logoutUnreachable"
  | "signedUpLogIn"
  | "signUpRefused"
  | "accountDeleted";
export const noticeAtom = atom<Notice | null>(null);

export function sessionPort(store: Store): SessionPort {
  return {
    // What all tabs share; this tab's atom follows a moment later.
    read: () => storage.getItem(sessionKey, null),
    write: (login) => store.set(sessionAtom, login),
    expired: () => store.set(noticeAtom, "sessionExpired"),
  };
}

/**
 * Once nobody is logged in, by whichever way (here, in another tab, refused by the API), what was loaded for the person
 * is forgotten: everything but the public content of the page that is open. Also keeps the store listening to the other tabs.
 */
export function forgetOnLogout(store: Store, queryClient: QueryClient): () => void {
  return store.sub(sessionAtom, () => {
    if (!store.get(sessionAtom)) {
      queryClient.removeQueries({ queryKey: [mine] });
      queryClient.removeQueries({ type: "inactive" });
      queryClient.getMutationCache().clear();
    }
  });
}

function isLogin(value: unknown): value is Login {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const { accessToken, refreshToken = "", user } = value as Partial<Login>;
  return typeof accessToken === "string" && typeof refreshToken === "string" && typeof user === "object" && user !== null && typeof user.email === "string";
}
