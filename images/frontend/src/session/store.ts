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

/** The user and the tokens, in Local Storage: they survive a reload, and other tabs follow. */
export const sessionAtom = storedAtom(sessionKey, readLogin);

/** A message for the user that stays after a change of the page. */
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
    // Reads the shared value; this tab's atom follows a moment later.
    read: () => shared.getItem(),
    write: (login) => store.set(sessionAtom, login),
    expired: () => store.set(noticeAtom, "sessionExpired"),
  };
}

/**
 * After the end of a login, for any reason (here, in another tab, refused by the API), removes all cached data of the user:
 * everything but the public content of the open page. Also keeps the store subscribed to the other tabs.
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
