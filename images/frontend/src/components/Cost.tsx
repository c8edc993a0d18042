import { useTranslation } from "../i18n";
import { formatWon } from "../i18n/format";
import styles from "./Cost.module.css";

/** The cost of one meal, the main figure of the site. */
export function Cost({ won, large = false }: { won: number; large?: boolean }) {
  const { locale, t } = useTranslation();
  return (
    <p className={large ? `${styles.cost} ${styles.large}` : styles.cost} data-testid="cost-per-meal">
      <span className={styles.label}>{t.perMeal}</span> <strong className={styles.won}>{formatWon(won, locale)}</strong>
    </p>
  );
}
