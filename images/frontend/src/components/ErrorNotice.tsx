import { explain } from "../api/explain";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import styles from "./Message.module.css";

interface Props {
  error: unknown;
  /** Absent where trying again cannot help. */
  onRetry?: () => void;
  busy?: boolean;
  /** Where nothing else is on the page, it is its heading. */
  wholePage?: boolean;
}

/** A page's content could not be had: what happened, and the way on. */
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
