import type { ReactNode } from "react";
import { Button } from "../components/Button";
import { LogInLink } from "./LogInLink";
import { useOwner, useUser } from "./useSession";

interface Props {
  busy: boolean;
  /** No passwords: the browser's history would store them. */
  values: Record<string, string>;
  logIn: string;
  children: ReactNode;
}

/** A form's button or, if the session has ended meanwhile, a link to the login that restores the typed values. */
export function SubmitOrLogIn({ busy, values, logIn, children }: Props) {
  const user = useUser();
  const owner = useOwner();
  if (!user && owner) {
    return <LogInLink typed={{ userId: owner.id, values }}>{logIn}</LogInLink>;
  }
  return (
    <Button type="submit" busy={busy}>
      {children}
    </Button>
  );
}
