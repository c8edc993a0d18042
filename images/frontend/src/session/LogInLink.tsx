import type { ReactNode } from "react";
import { useLocation } from "react-router";
import { ButtonLink } from "../components/Button";
import type { LoginState } from "./loginState";

/** The way to the login and back to this page, with what was typed here. */
export function LogInLink({ typed, children }: Pick<LoginState, "typed"> & { children: ReactNode }) {
  const { pathname, search } = useLocation();
  const state: LoginState = { from: pathname + search, ...(typed && { typed }) };
  return (
    <ButtonLink quiet to="/login" state={state}>
      {children}
    </ButtonLink>
  );
}
