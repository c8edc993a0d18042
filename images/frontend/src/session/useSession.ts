import { useAtomValue, useSetAtom } from "jotai";
import { useEffect, useState } from "react";
import { deleteAccount, logOut, logOutEverywhere } from "../api/auth";
import { useApi } from "../api/context";
import { useMe } from "../api/queries";
import type { User } from "../api/types";
import { forgetDevice } from "./forgetDevice";
import { noticeAtom, sessionAtom } from "./store";

/** Who is logged in, as far as this device knows. */
export function useUser(): User | null {
  return useAtomValue(sessionAtom)?.user ?? null;
}

/** Who is logged in or, once the login has ended under one's hands, who was. */
export function useOwner(): User | null {
  const user = useUser();
  const [last, setLast] = useState(user);
  if (user && user !== last) {
    setLast(user);
  }
  return user ?? last;
}

/** Once a visit: has the login been ended elsewhere, was the name changed? A refusal ends it here (see api/client). */
export function useVerifiedUser(): User | null {
  const { session } = useApi();
  const user = useUser();
  const { data: me } = useMe(user);
  useEffect(() => {
    // As all tabs share it: this tab's atom may still have tokens that another tab has exchanged.
    const login = session.read();
    if (me && login?.user.id === me.id) {
      session.write({ ...login, user: me });
    }
  }, [me, session]);
  return user;
}

/** Logs out here and at the API, and tells how it went. */
export function useLogOut(): () => Promise<void> {
  const api = useApi();
  const setNotice = useSetAtom(noticeAtom);
  return async () => {
    const ending = logOut(api);
    forgetDevice();
    setNotice((await ending) ? "loggedOut" : "logoutUnreachable");
  };
}

/** Unlike logging out here, this is of use only once the API has done it: a failure is thrown and the login stays. */
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
