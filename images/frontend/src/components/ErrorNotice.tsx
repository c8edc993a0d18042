import { explain } from "../api/explain";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import styles from "./Message.module.css";

interface Props {
  error: unknown;
  /** Undefined if a retry cannot help. */
  onRetry?: () => void;
  busy?: boolean;
  /** Whether it is the heading of the page, because the page has no other content. */
  wholePage?: boolean;
}

/** A page's content could not be loaded: the cause, and what to do next. */
export function ErrorNotice({ error, onRetry, busy = false, wholePage = false }: Props) {
  const { t } = useTranslation();
  const Title = wholePage ? "h1" : "p";
  return (
    <div className={styles.message} role="alert">
      <Title className={styles.title}>{explain(error, t)}</Title>
      {onRetry && (
        <Button quiet busy={busy} onClick={onRetry}>
          {t.error.retry}
        </Button>
      )}
    </div>
  );
}
