import type { FormEvent, ReactNode } from "react";
import styles from "./AccountForm.module.css";
import { Button } from "./Button";

interface Props {
  title: string;
  lead: string;
  failure: string | null;
  busy: boolean;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
  otherwise: ReactNode;
}

/** The frame of sign-up and login. noValidate, because its own checks have messages in the page's language. */
export function AccountForm({ title, lead, failure, busy, onSubmit, children, otherwise }: Props) {
  return (
    <div className={styles.frame}>
      <h1>{title}</h1>
      <p className={styles.lead}>{lead}</p>
      <form className={styles.form} noValidate onSubmit={onSubmit}>
        {children}
        <div role="alert">{failure && <p className={styles.failure}>{failure}</p>}</div>
        <Button type="submit" busy={busy}>
          {title}
        </Button>
      </form>
      <p className={styles.otherwise}>{otherwise}</p>
    </div>
  );
}
