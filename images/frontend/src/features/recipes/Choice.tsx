import { useId, type ReactNode } from "react";
import styles from "./Filters.module.css";

interface Props {
  label: string;
  /** Hides the label, for a list whose options are self-explanatory. */
  labelHidden?: boolean;
  value: string | number;
  onChange: (value: string) => void;
  children: ReactNode;
  note?: ReactNode;
}

/** A select for a few options. */
export function Choice({ label, labelHidden = false, value, onChange, children, note }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={labelHidden ? "visually-hidden" : undefined}>
        {label}
      </label>
      <select id={id} className={styles.control} value={value} onChange={(event) => onChange(event.target.value)}>
        {children}
      </select>
      {note}
    </div>
  );
}
