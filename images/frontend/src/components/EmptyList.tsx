import { useTranslation } from "../i18n";
import { ButtonLink } from "./Button";
import styles from "./Message.module.css";

interface Props {
  title: string;
  hint: string;
  /** The page to find entries for the list; by default the recipes. */
  way?: { to: string; name: string };
}

/** An empty list of the user: how to add an entry, with a link to the page for it. */
export function EmptyList({ title, hint, way }: Props) {
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
