import type { RecipeLine } from "../api/recipes";
import { useTexts, useTranslation } from "../i18n";
import { formatQuantity, formatWon } from "../i18n/format";
import { pricesTexts } from "../i18n/prices";
import styles from "./IngredientTable.module.css";

interface Props {
  lines: RecipeLine[];
  servings: number;
  total: number;
}

export function IngredientTable({ lines, servings, total }: Props) {
  const { locale, t } = useTranslation();
  const texts = useTexts(pricesTexts);
  return (
    <table className={styles.table}>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{t.ingredient}</th>
          <th scope="col">{t.quantity}</th>
          <th scope="col">{t.cost}</th>
        </tr>
      </thead>
      <tbody>
        {keyed(lines).map(({ key, name, quantity, unit, cost, price, per, priceUnit }) => (
          <tr key={key}>
            <th scope="row">
              {name}
              <span className={styles.pack}>{texts.priceFor(formatWon(price, locale), formatQuantity(per, priceUnit, locale, t.units))}</span>
            </th>
            <td className={styles.quantity}>{formatQuantity(quantity, unit, locale, t.units)}</td>
            <td className={styles.cost}>{formatWon(cost, locale)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            {t.totalFor(servings)}
          </th>
          <td className={styles.cost}>{formatWon(total, locale)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

/** One ingredient may be used twice; the lines never change their order while they are shown. */
const keyed = (lines: RecipeLine[]) => lines.map((line, place) => ({ ...line, key: `${place} ${line.ingredientId}` }));
