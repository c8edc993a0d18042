import { useId, type ComponentProps } from "react";
import { limitInput } from "./limitInput";
import styles from "./Field.module.css";

interface Props extends Omit<ComponentProps<"input">, "onChange" | "value" | "id"> {
  label: string;
  value: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** The API's limit in characters, for text; maxLength is in UTF-16 units. */
  longest?: number;
  onChange: (value: string) => void;
}

/** A labelled input; a screen reader reads its hint and error with it. */
export function Field({ label, value, hint, error, longest = Infinity, onChange, ...input }: Props) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [error && errorId, hint && hintId].filter(Boolean).join(" ");
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        {...input}
        id={id}
        value={value}
        className={styles.input}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy || undefined}
        onChange={(event) => onChange(limitInput(event.target, longest, value))}
      />
      {error && (
        <p id={errorId} className={styles.error}>
          {error}
        </p>
      )}
      {hint && (
        <p id={hintId} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
