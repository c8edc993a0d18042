import type { QueryClient } from "@tanstack/react-query";
import { atom, type createStore } from "jotai";
import type { SessionPort } from "../api/client";
import { mine } from "../api/queries";
import type { Login } from "../api/types";
import { storedAtom, storedValue } from "../device/storedAtom";

export type Store = ReturnType<typeof createStore>;

export const sessionKey = "hankki.session";

const readLogin = (stored: unknown): Login | null => (isLogin(stored) ? stored : null);
const shared = storedValue(sessionKey, readLogin);

/** Who is logged in, with the tokens, kept in Local Storage: they survive a reload and other tabs follow. */
export const sessionAtom = storedAtom(sessionKey, readLogin);

/** A sentence for the person that outlives the page it was caused on. */
export type Notice =
  | "sessionExpired"
  | "loggedOut"
  | "loggedOutEverywhere"
  | "logoutUnreachable"
  | "signedUpLogIn"
  | "signUpRefused"
  | "accountDeleted"
  | "favouriteKept"
  | "favouriteFailed";
export const noticeAtom = atom<Notice | null>(null);

export function sessionPort(store: Store): SessionPort {
  return {
    // What all tabs share; this tab's atom follows a moment later.
    read: () => shared.getItem(),
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
  const texts = [accessToken, refreshToken, user?.email, user?.name];
  return texts.every((text) => typeof text === "string") && Number.isSafeInteger(user?.id);
}
