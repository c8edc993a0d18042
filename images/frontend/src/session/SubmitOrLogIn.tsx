import type { ReactNode } from "react";
import { Button } from "../components/Button";
import { LogInLink } from "./LogInLink";
import { useOwner, useUser } from "./useSession";

interface Props {
  busy: boolean;
  /** No passwords: they would be kept in the browser's history. */
  values: Record<string, string>;
  logIn: string;
  children: ReactNode;
}

/** A form's button, or, when the login has ended while one typed, the way to the next login and back with what was typed. */
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
