import { explain } from "../api/explain";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import styles from "./Message.module.css";

interface Props {
  error: unknown;
  /** Absent where trying again cannot help. */
  onRetry?: () => void;
  busy?: boolean;
}

/** A page's content could not be had: what happened, and the way on. */
export function ErrorNotice({ error, onRetry, busy = false }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.message} role="alert">
      <p className={styles.title}>{explain(error, t)}</p>
      {onRetry && (
        <Button quiet busy={busy} onClick={onRetry}>
          {t.error.retry}
        </Button>
      )}
    </div>
  );
}
