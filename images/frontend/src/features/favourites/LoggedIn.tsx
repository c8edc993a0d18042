import { useSetAtom } from "jotai";
import { useEffect, useRef } from "react";
import { Navigate } from "react-router";
import type { LoginState } from "../../session/loginState";
import { noticeAtom } from "../../session/store";
import { useFavourite } from "./useFavourite";

/** The end of a login or sign-up: adds the favourite that required it, if any, and returns to the page before it. */
export function LoggedIn({ state }: { state: LoginState | null }) {
  return (
    <>
      {state?.favourite && <AddFavourite id={state.favourite.id} />}
      <Navigate to={state?.from ?? "/"} replace state={state?.typed ? { typed: state.typed } : null} />
    </>
  );
}

/** Adds the recipe whose heart was pressed before the login. */
function AddFavourite({ id }: { id: number }) {
  const setNotice = useSetAtom(noticeAtom);
  const { add } = useFavourite(id);
  const requested = useRef(false);
  useEffect(() => {
    if (!requested.current) {
      requested.current = true;
      add().then(
        () => setNotice("favouriteKept"),
        () => setNotice("favouriteFailed"),
      );
    }
  }, [add, setNotice]);
  return null;
}
