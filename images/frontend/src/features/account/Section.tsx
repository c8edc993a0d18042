import { useId, type ReactNode } from "react";
import styles from "./Section.module.css";

/** A section with one action for the account. */
export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {title}
      </h2>
      {lead && <p className={styles.lead}>{lead}</p>}
      {children}
    </section>
  );
}

/** The result. The live regions always exist: screen readers announce only changes inside an existing one. */
export function Outcome({ failure, done }: { failure: string | null; done?: string | null }) {
  return (
    <div>
      <div role="alert">{failure && <p className={styles.failure}>{failure}</p>}</div>
      <div role="status">{done && <p className={styles.done}>{done}</p>}</div>
    </div>
  );
}
