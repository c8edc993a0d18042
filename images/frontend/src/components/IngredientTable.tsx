import type { Ingredient } from "../api/types";
import { useTranslation } from "../i18n";
import { formatQuantity, formatWon } from "../i18n/format";
import styles from "./IngredientTable.module.css";

interface Props {
  ingredients: Ingredient[];
  servings: number;
}

export function IngredientTable({ ingredients, servings }: Props) {
  const { locale, t } = useTranslation();
  const total = ingredients.reduce((sum, { cost }) => sum + cost, 0);
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
        {ingredients.map(({ name, quantity, unit, cost }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
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
