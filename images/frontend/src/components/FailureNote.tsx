import { explain } from "../api/explain";
import { useTranslation } from "../i18n";
import styles from "./FailureNote.module.css";

interface Props {
  what: string;
  /** Undefined if there is no space for the cause. */
  error?: unknown;
  onRetry: () => void;
}

/** A part of a page could not be loaded. Smaller than ErrorNotice, because the rest of the page is usable. */
export function FailureNote({ what, error, onRetry }: Props) {
  const { t } = useTranslation();
  return (
    <p className={styles.note} role="status">
      {what} {error !== undefined && explain(error, t)}
      <button type="button" className={styles.retry} onClick={onRetry}>
        {t.error.retry}
      </button>
    </p>
  );
}
