import { useState } from "react";
import { useTexts, useTranslation } from "../../i18n";
import { formatDate, formatWon } from "../../i18n/format";
import { recipeTexts } from "../../i18n/recipe";
import { stepsOf, type Point } from "./chart";
import styles from "./StepChart.module.css";

/** What something cost over time; say the same in a table beside it. */
export function StepChart({ points }: { points: readonly Point[] }) {
  const { locale } = useTranslation();
  const texts = useTexts(recipeTexts);
  const [now] = useState(() => Date.now());
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) {
    return null;
  }
  const { path, low, high } = stepsOf(points, now);
  const [from, to] = [formatDate(first.at, locale), formatDate(last.at, locale)];
  return (
    <div className={styles.chart}>
      <p className={styles.scale} aria-hidden="true">
        <span>{formatWon(high, locale)}</span>
        {low < high && <span>{formatWon(low, locale)}</span>}
      </p>
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={texts.chartOf(points.length, from, to, formatWon(low, locale), formatWon(high, locale))}
      >
        <path className={styles.grid} d="M0 0H100M0 50H100M0 100H100" />
        <path className={styles.line} d={path} />
      </svg>
      <p className={styles.dates} aria-hidden="true">
        <span>{from}</span>
        <span>{formatDate(new Date(now).toISOString(), locale)}</span>
      </p>
    </div>
  );
}
