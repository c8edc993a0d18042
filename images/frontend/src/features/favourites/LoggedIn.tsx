import { useSetAtom } from "jotai";
import { useEffect, useRef } from "react";
import { Navigate } from "react-router";
import type { LoginState } from "../../session/loginState";
import { noticeAtom } from "../../session/store";
import { useFavourite } from "./useFavourite";

/** Where the login and the sign-up end: what led to them is done, and the way goes on to where it came from. */
export function LoggedIn({ state }: { state: LoginState | null }) {
  return (
    <>
      {state?.favourite && <Keep id={state.favourite.id} />}
      <Navigate to={state?.from ?? "/"} replace state={state?.typed ? { typed: state.typed } : null} />
    </>
  );
}

/** The heart that was pressed before there was a login. */
function Keep({ id }: { id: number }) {
  const setNotice = useSetAtom(noticeAtom);
  const { add } = useFavourite(id);
  const asked = useRef(false);
  useEffect(() => {
    if (!asked.current) {
      asked.current = true;
      add().then(
        () => setNotice("favouriteKept"),
        () => setNotice("favouriteFailed"),
      );
    }
  }, [add, setNotice]);
  return null;
}
