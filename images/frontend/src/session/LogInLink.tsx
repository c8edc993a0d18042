import type { ReactNode } from "react";
import { useLocation } from "react-router";
import { ButtonLink } from "../components/Button";
import type { LoginState } from "./loginState";

/** A link to the login, which leads back to this page and restores its typed values. */
export function LogInLink({ typed, children }: Pick<LoginState, "typed"> & { children: ReactNode }) {
  const { pathname, search } = useLocation();
  const state: LoginState = { from: pathname + search, ...(typed && { typed }) };
  return (
    <ButtonLink quiet to="/login" state={state}>
      {children}
    </ButtonLink>
  );
}
