import { useState } from "react";
import { useTexts, useTranslation } from "../../i18n";
import { formatDate, formatWon } from "../../i18n/format";
import { recipeTexts } from "../../i18n/recipe";
import { placeOf, stepsOf, type Point } from "./chart";
import { withoutOutliers } from "./scale";
import styles from "./StepChart.module.css";

/** Maximum number of values beyond the scale that are listed as text; the table next to the chart has all values. */
const mostNamed = 3;

/** A chart of a cost over time. The caller adds a table with the same values. */
export function StepChart({ points }: { points: readonly Point[] }) {
  const { locale } = useTranslation();
  const texts = useTexts(recipeTexts);
  const [now] = useState(() => Date.now());
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) {
    return null;
  }
  const { points: drawn, beyond } = withoutOutliers(points);
  const { path, low, high } = stepsOf(drawn, now);
  const all = points.map(({ won }) => won);
  const x = placeOf(points.map(({ at }) => Date.parse(at)), now);
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
        aria-label={texts.chartOf(points.length, from, to, formatWon(Math.min(...all), locale), formatWon(Math.max(...all), locale))}
      >
        <path className={styles.grid} d="M0 0H100M0 50H100M0 100H100" />
        <path className={styles.line} d={path} />
        <path className={styles.beyond} d={beyond.map(({ at, won }) => `M${x(Date.parse(at))} ${won > high ? 0 : 100}h0`).join("")} />
      </svg>
      <p className={styles.dates} aria-hidden="true">
        <span>{from}</span>
        <span>{formatDate(new Date(now).toISOString(), locale)}</span>
      </p>
      {beyond.length > 0 && (
        <p className={styles.note}>
          {texts.beyondScale(beyond.length, beyond.slice(0, mostNamed).map(({ won }) => formatWon(won, locale)).join(" · "))}
        </p>
      )}
    </div>
  );
}
