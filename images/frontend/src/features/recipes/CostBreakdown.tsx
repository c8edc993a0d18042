import { useTexts, useTranslation } from "../../i18n";
import { formatShare, formatWon } from "../../i18n/format";
import { recipeTexts } from "../../i18n/recipe";
import styles from "./CostBreakdown.module.css";
import { sharesOf } from "./shares";

/** The cost by ingredient, as a bar and as a table. */
export function CostBreakdown({ lines }: { lines: readonly { name: string; cost: number }[] }) {
  const { locale, t } = useTranslation();
  const texts = useTexts(recipeTexts);
  const bars = sharesOf(lines).map(({ name, cost, part, start }, place) => ({
    name: name ?? texts.rest,
    cost,
    part,
    start,
    colour: styles[`part${place}`],
  }));
  if (bars.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="breakdown">
      <h2 id="breakdown" className={styles.heading}>
        {texts.breakdown}
      </h2>
      <svg
        className={styles.bar}
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        role="img"
        aria-label={bars.map(({ name, part }) => `${name} ${formatShare(part, locale)}`).join(", ")}
      >
        {bars.map(({ name, part, start: x, colour }) => (
          <rect key={name} className={colour} x={x} width={part} height="1" />
        ))}
      </svg>
      <table className={styles.table}>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t.ingredient}</th>
            <th scope="col">{texts.share}</th>
            <th scope="col">{t.cost}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ name, part, cost, colour }) => (
            <tr key={name}>
              <th scope="row">
                <svg className={styles.swatch} viewBox="0 0 1 1" aria-hidden="true">
                  <rect className={colour} width="1" height="1" rx="0.2" />
                </svg>
                {name}
              </th>
              <td>{formatShare(part, locale)}</td>
              <td>{formatWon(cost, locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
