import { useId, type ReactNode } from "react";
import styles from "./Section.module.css";

/** One thing that can be done with the account. */
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

/** How it went. The live regions are always there: screen readers only tell what changes inside one they know. */
export function Outcome({ failure, done }: { failure: string | null; done?: string | null }) {
  return (
    <div>
      <div role="alert">{failure && <p className={styles.failure}>{failure}</p>}</div>
      <div role="status">{done && <p className={styles.done}>{done}</p>}</div>
    </div>
  );
}
