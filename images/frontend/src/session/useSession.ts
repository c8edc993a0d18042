import { useAtomValue, useSetAtom } from "jotai";
import { useEffect, useState } from "react";
import { deleteAccount, logOut, logOutEverywhere } from "../api/auth";
import { useApi } from "../api/context";
import { useMe } from "../api/queries";
import type { User } from "../api/types";
import { forgetDevice } from "./forgetDevice";
import { noticeAtom, sessionAtom } from "./store";

/** The logged-in user according to this device. */
export function useUser(): User | null {
  return useAtomValue(sessionAtom)?.user ?? null;
}

/** The logged-in user or, if the session has ended on the open page, the former one. */
export function useOwner(): User | null {
  const user = useUser();
  const [last, setLast] = useState(user);
  if (user && user !== last) {
    setLast(user);
  }
  return user ?? last;
}

/** Checks once for each visit whether the session has ended or the name has changed. A refusal ends the login (api/client). */
export function useVerifiedUser(): User | null {
  const { session } = useApi();
  const user = useUser();
  const { data: me } = useMe(user);
  useEffect(() => {
    // The shared value: this tab's atom may still have tokens that another tab has exchanged.
    const login = session.read();
    if (me && login?.user.id === me.id) {
      session.write({ ...login, user: me });
    }
  }, [me, session]);
  return user;
}

/** Logs out here and at the API, and shows the result. */
export function useLogOut(): () => Promise<void> {
  const api = useApi();
  const setNotice = useSetAtom(noticeAtom);
  return async () => {
    const ending = logOut(api);
    forgetDevice();
    setNotice((await ending) ? "loggedOut" : "logoutUnreachable");
  };
}

/** Takes effect only at the API, so it throws a failure and keeps the login. */
export function useLogOutEverywhere(): () => Promise<void> {
  const api = useApi();
  const setNotice = useSetAtom(noticeAtom);
  return async () => {
    await logOutEverywhere(api);
    forgetDevice();
    setNotice("loggedOutEverywhere");
  };
}

export function useDeleteAccount(): (password: string) => Promise<void> {
  const api = useApi();
  const setNotice = useSetAtom(noticeAtom);
  return async (password) => {
    await deleteAccount(api, password);
    forgetDevice();
    setNotice("accountDeleted");
  };
}
