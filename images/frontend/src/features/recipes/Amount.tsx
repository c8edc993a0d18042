import { useEffect, useId, useRef, useState } from "react";
import inputs from "../../components/Field.module.css";
import { numberOf } from "../../components/numbers";
import { useTranslation } from "../../i18n";
import { wrongNumber } from "../../i18n/wrongNumber";
import styles from "./Filters.module.css";

interface Props {
  label: string;
  value: number | undefined;
  /** `typing`: the user paused but has not finished. */
  onChange: (value: number | undefined, typing: boolean) => void;
}

/** Maximum amount in the URL, in won. */
const mostWon = 9_999_999;
/** Milliseconds to wait for the next digit. */
const pause = 500;

/** An amount of won that takes effect during typing. An error is shown after the user has finished. */
export function Amount({ label, value, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [typed, setTyped] = useState(write(value));
  const [known, setKnown] = useState(value);
  const [wrong, setWrong] = useState(false);
  if (known !== value) {
    setKnown(value);
    // 1만 is not reformatted.
    if (read(typed) !== value) {
      setTyped(write(value));
      setWrong(false);
    }
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const settle = (text: string, typing: boolean) => {
    clearTimeout(timer.current);
    const amount = read(text);
    if (!typing) {
      setWrong(amount === null);
    }
    if (amount !== null && amount !== value) {
      onChange(amount, typing);
    }
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={styles.control}
        maxLength={16}
        autoComplete="off"
        enterKeyHint="search"
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-error` : undefined}
        value={typed}
        onChange={({ target: { value: text } }) => {
          setTyped(text);
          setWrong((before) => before && read(text) === null);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => settle(text, true), pause);
        }}
        onBlur={() => settle(typed, false)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing) {
            settle(typed, false);
          }
        }}
      />
      {wrong && (
        <p id={`${id}-error`} className={inputs.error}>
          {wrongNumber(typed, t.wonWrong, t)}
        </p>
      )}
    </div>
  );
}

const write = (value: number | undefined): string => value?.toLocaleString("en-US") ?? "";

/** The typed amount; undefined for an empty text, null for an invalid one. */
function read(typed: string): number | undefined | null {
  if (typed.trim() === "") {
    return undefined;
  }
  const amount = numberOf(typed);
  return Number.isInteger(amount) && amount >= 0 && amount <= mostWon ? amount : null;
}
