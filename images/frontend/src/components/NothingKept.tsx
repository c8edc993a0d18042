import { useTranslation } from "../i18n";
import { ButtonLink } from "./Button";
import styles from "./Message.module.css";

/** A list of one's own that is empty: how something gets there, and the way to where it comes from. */
export function NothingKept({ title, hint }: { title: string; hint: string }) {
  const { t } = useTranslation();
  return (
    <div className={styles.message} role="status">
      <p className={styles.title}>{title}</p>
      <p className={styles.hint}>{hint}</p>
      <ButtonLink quiet to="/">
        {t.backToList}
      </ButtonLink>
    </div>
  );
}
