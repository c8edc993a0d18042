import type { Ingredient } from "../../api/ingredients";
import { ErrorNotice } from "../../components/ErrorNotice";
import { MorePages } from "../../components/MorePages";
import { useTexts, useTranslation } from "../../i18n";
import { formatDate, formatQuantity, formatWon } from "../../i18n/format";
import { pricesTexts } from "../../i18n/prices";
import { comparable } from "./comparable";
import table from "./PriceTable.module.css";
import { pricesOf, useOwnPriceIds, usePrices } from "./queries";
import { StepChart } from "./StepChart";
import { WithdrawPrice } from "./WithdrawPrice";

export function PriceHistory({ ingredient }: { ingredient: Ingredient }) {
  const { locale, t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const query = usePrices(String(ingredient.id));
  const { data, error, isPending, isFetching, refetch } = query;
  const own = useOwnPriceIds(String(ingredient.id), data?.pages.length ?? 0);
  if (isPending) {
    return <p>{t.loading}</p>;
  }
  if (!data) {
    return <ErrorNotice error={error} busy={isFetching} onRetry={() => void refetch()} />;
  }
  const prices = pricesOf(data.pages);
  if (prices.length === 0) {
    return <p>{texts.noHistory}</p>;
  }
  const rows = prices.map((price, place) => ({
    ...price,
    key: price.id ?? `${place} ${price.at}`,
    words: texts.priceFor(formatWon(price.price, locale), formatQuantity(price.per, ingredient.unit, locale, t.units)),
  }));
  return (
    <>
      <p>{texts.historyFor(formatQuantity(ingredient.per, ingredient.unit, locale, t.units))}</p>
      <StepChart points={comparable(prices.toReversed(), ingredient.per)} />
      <details>
        <summary>{texts.asTable}</summary>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{texts.date}</th>
              <th scope="col">{texts.price}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, id, at, words }) => (
              <tr key={key}>
                <td>
                  {formatDate(at, locale)}
                  {/* The only price of an ingredient cannot be withdrawn. */}
                  {id !== undefined && rows.length > 1 && own.includes(id) && <WithdrawPrice ingredientId={ingredient.id} priceId={id} what={words} />}
                </td>
                <td>{words}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <MorePages query={query} />
      </details>
    </>
  );
}
