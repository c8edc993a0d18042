import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import type { LoginState } from "./loginState";
import { useUser } from "./useSession";

/** A form's initial values: those typed before the session ended, if the same user has logged in again. */
export function useTyped<V extends Record<string, string>>(initial: V): V {
  const user = useUser();
  const navigate = useNavigate();
  const { pathname, search, state } = useLocation() as { pathname: string; search: string; state: LoginState | null };
  const typed = state?.typed;
  const [values] = useState(() => (typed && typed.userId === user?.id ? { ...initial, ...typed.values } : initial));
  useEffect(() => {
    // Once only: after a reload, the form starts empty.
    if (typed) {
      void navigate(pathname + search, { replace: true, state: null });
    }
  }, [typed, navigate, pathname, search]);
  return values;
}
