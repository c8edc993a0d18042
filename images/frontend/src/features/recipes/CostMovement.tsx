import { ErrorNotice } from "../../components/ErrorNotice";
import { useTexts, useTranslation } from "../../i18n";
import { formatDate, formatWon } from "../../i18n/format";
import { recipeTexts } from "../../i18n/recipe";
import { StepChart } from "../prices/StepChart";
import table from "../prices/PriceTable.module.css";
import styles from "./CostBreakdown.module.css";
import { useCostHistory } from "./queries";

/** The cost of a meal after each price change of one of its ingredients. */
export function CostMovement({ recipeId }: { recipeId: number }) {
  const texts = useTexts(recipeTexts);
  return (
    <section aria-labelledby="movement">
      <h2 id="movement" className={styles.heading}>
        {texts.movement}
      </h2>
      <Movement recipeId={recipeId} />
    </section>
  );
}

function Movement({ recipeId }: { recipeId: number }) {
  const { locale, t } = useTranslation();
  const texts = useTexts(recipeTexts);
  const { data, error, isPending, isFetching, refetch } = useCostHistory(recipeId);
  if (isPending) {
    return <p>{t.loading}</p>;
  }
  if (!data) {
    return <ErrorNotice error={error} busy={isFetching} onRetry={() => void refetch()} />;
  }
  if (data.length < 2) {
    return <p>{texts.movementSteady}</p>;
  }
  const points = data.map(({ at, costPerMeal }) => ({ at, won: costPerMeal }));
  const latestFirst = data.map(({ at, ingredient, costPerMeal }, place) => ({ key: `${place} ${at}`, at, ingredient, costPerMeal })).toReversed();
  return (
    <>
      <StepChart points={points} />
      <details>
        <summary>{texts.asTable}</summary>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{texts.date}</th>
              <th scope="col">{texts.because}</th>
              <th scope="col">{t.perMeal}</th>
            </tr>
          </thead>
          <tbody>
            {latestFirst.map(({ key, at, ingredient, costPerMeal }) => (
              <tr key={key}>
                <td>{formatDate(at, locale)}</td>
                <td>{ingredient?.name ?? "–"}</td>
                <td>{formatWon(costPerMeal, locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
