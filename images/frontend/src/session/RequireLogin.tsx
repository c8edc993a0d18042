import { useEffect, useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { onLogout } from "./forgetDevice";
import type { LoginState } from "./loginState";
import { useUser } from "./useSession";

/**
 * Pages for those who are logged in; others log in first and come back. With `toEnter`, an open page stays open when the
 * login runs out, but not when somebody logs out.
 */
export function RequireLogin({ toEnter = false }: { toEnter?: boolean }) {
  const user = useUser();
  const { pathname, search } = useLocation();
  const [entered, setEntered] = useState(user !== null);
  useEffect(() => onLogout(() => setEntered(false)), []);
  if (user || (toEnter && entered)) {
    return <Outlet />;
  }
  const state: LoginState = { from: pathname + search };
  return <Navigate to="/login" replace state={state} />;
}
