import { useTranslation } from "../i18n";
import { ButtonLink } from "./Button";
import styles from "./Message.module.css";

interface Props {
  title: string;
  hint: string;
  /** Where something for the list comes from; the recipes, if nothing else is said. */
  way?: { to: string; name: string };
}

/** A list of one's own that is empty: how something gets there, and the way to where it comes from. */
export function NothingKept({ title, hint, way }: Props) {
  const { t } = useTranslation();
  const { to, name } = way ?? { to: "/", name: t.backToList };
  return (
    <div className={styles.message} role="status">
      <p className={styles.title}>{title}</p>
      <p className={styles.hint}>{hint}</p>
      <ButtonLink quiet to={to}>
        {name}
      </ButtonLink>
    </div>
  );
}
