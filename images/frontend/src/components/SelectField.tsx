import { useId } from "react";
import styles from "./Field.module.css";

interface Props {
  label: string;
  hint?: string | undefined;
  value: string;
  /** Each option: its value, and its text. */
  options: readonly (readonly [value: string, name: string])[];
  onChange: (value: string) => void;
}

/** A labelled select for a few options, in a form. */
export function SelectField({ label, hint, value, options, onChange }: Props) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <select id={id} className={styles.input} value={value} aria-describedby={hint && hintId} onChange={(event) => onChange(event.target.value)}>
        {options.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
      {hint && (
        <p id={hintId} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
