import { useState } from "react";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import styles from "./SearchBox.module.css";

interface Props {
  /** What is searched for now; it may change without typing, by going back. */
  current: string;
  onSearch: (q: string) => void;
}

export function SearchBox({ current, onSearch }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(current);
  const [known, setKnown] = useState(current);
  if (known !== current) {
    setKnown(current);
    setTyped(current);
  }
  return (
    <form
      className={styles.search}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(typed.trim());
      }}
    >
      <input
        className={styles.input}
        type="search"
        aria-label={t.search}
        placeholder={t.searchPlaceholder}
        maxLength={100}
        enterKeyHint="search"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit">{t.searchButton}</Button>
    </form>
  );
}
