import { Link } from "react-router";
import { isGone } from "../../api/problem";
import { ErrorNotice } from "../../components/ErrorNotice";
import { useTexts, useTranslation } from "../../i18n";
import { formatChange, formatWon } from "../../i18n/format";
import { pricesTexts } from "../../i18n/prices";
import styles from "./MovedRecipes.module.css";
import table from "./PriceTable.module.css";
import { useMovedRecipes } from "./queries";

interface Props {
  ingredientId: number;
  priceId: number;
}

/** The recipes whose cost a new price changed. Empty if a pod of the previous version responds, which does not return them. */
export function MovedRecipes({ ingredientId, priceId }: Props) {
  const texts = useTexts(pricesTexts);
  const { data, error, isFetching, refetch } = useMovedRecipes(ingredientId, priceId);
  if (isGone(error)) {
    return null;
  }
  return (
    <section aria-labelledby="moved" className={styles.moved}>
      <h3 id="moved">{texts.moved}</h3>
      {error && <ErrorNotice error={error} busy={isFetching} onRetry={() => void refetch()} />}
      <p role="status">{data && (data.items.length > 0 ? texts.movedOf(data.items.length, data.total) : texts.movedNone)}</p>
      {data && data.items.length > 0 && <Moved items={data.items} />}
    </section>
  );
}

type Item = NonNullable<ReturnType<typeof useMovedRecipes>["data"]>["items"][number];

function Moved({ items }: { items: readonly Item[] }) {
  const { locale, t } = useTranslation();
  const texts = useTexts(pricesTexts);
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{texts.dish}</th>
          <th scope="col">{texts.difference}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, title, costPerMealBefore, costPerMeal, difference }) => (
          <tr key={id}>
            <th scope="row">
              <Link to={`/recipes/${id}`}>{title}</Link>
              <span className={styles.costs}>
                {t.perMeal} {texts.fromTo(formatWon(costPerMealBefore, locale), formatWon(costPerMeal, locale))}
              </span>
            </th>
            <td className={styles.difference}>{formatChange(difference, locale)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
