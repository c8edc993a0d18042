import { useEffect, useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { onLogout } from "./forgetDevice";
import type { LoginState } from "./loginState";
import { useUser } from "./useSession";

/**
 * Pages that need a login; a visitor without one is sent to the login and back. With `toEnter`, an open page stays open when
 * the session expires, but not on logout.
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
