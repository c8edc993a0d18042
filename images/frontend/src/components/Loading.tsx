import { useTranslation } from "../i18n";
import styles from "./Loading.module.css";

/** What a page shows while it has nothing to show yet. */
export function Loading() {
  const { t } = useTranslation();
  return (
    <p className={styles.loading} role="status">
      {t.loading}
    </p>
  );
}
