import { useTranslation } from "../i18n";
import styles from "./Loading.module.css";

/** The placeholder of a page while its data are loading. */
export function Loading() {
  const { t } = useTranslation();
  return (
    <p className={styles.loading} role="status">
      {t.loading}
    </p>
  );
}
