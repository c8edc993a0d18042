import { useEffect, useRef, useState } from "react";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import { oneLine } from "./oneLine";
import styles from "./SearchBox.module.css";

interface Props {
  /** The current search; it may change without typing, by going back. */
  current: string;
  label: string;
  placeholder?: string;
  /** `settled` if the user confirmed the search, and not only paused typing. */
  onSearch: (q: string, settled: boolean) => void;
  /** Whether an input method is composing a syllable: the text is then not announced. */
  onComposing?: (composing: boolean) => void;
}

/** Long enough to finish a syllable, short enough to feel immediate. */
const pause = 350;

export function SearchBox({ current, label, placeholder, onSearch, onComposing }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(current);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(current);

  useEffect(() => {
    if (current !== sent.current) {
      sent.current = current;
      clearTimeout(timer.current);
      setTyped(current);
    }
  }, [current]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const send = (text: string, settled: boolean) => {
    clearTimeout(timer.current);
    const q = oneLine(text);
    sent.current = q;
    onSearch(q, settled);
  };

  return (
    <form
      className={styles.search}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setTyped(oneLine(typed));
        send(typed, true);
      }}
    >
      <input
        className={styles.input}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        maxLength={100}
        enterKeyHint="search"
        value={typed}
        onCompositionStart={() => onComposing?.(true)}
        onCompositionEnd={() => onComposing?.(false)}
        onChange={({ target: { value } }) => {
          setTyped(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => send(value, false), pause);
        }}
      />
      <Button type="submit">{t.searchButton}</Button>
    </form>
  );
}
