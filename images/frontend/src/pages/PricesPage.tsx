import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { ErrorNotice } from "../components/ErrorNotice";
import { Loading } from "../components/Loading";
import message from "../components/Message.module.css";
import { itemsOf } from "../components/itemsOf";
import { MorePages } from "../components/MorePages";
import { isUnfinished } from "../components/hangul";
import { oneLine } from "../components/oneLine";
import { SearchBox } from "../components/SearchBox";
import { NewIngredient } from "../features/prices/NewIngredient";
import table from "../features/prices/PriceTable.module.css";
import { useIngredients } from "../features/prices/queries";
import { useTexts, useTranslation } from "../i18n";
import { formatDate, formatQuantity, formatWon } from "../i18n/format";
import { pricesTexts } from "../i18n/prices";
import styles from "./PricesPage.module.css";

export function PricesPage() {
  const { t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const [params, setParams] = useSearchParams();
  const q = oneLine(params.get("q") ?? "");
  const [composing, setComposing] = useState(false);
  return (
    <>
      <title>{`${texts.title} · ${t.siteName}`}</title>
      <div className={styles.head}>
        <h1>{texts.title}</h1>
        <p className={styles.lead}>{texts.lead}</p>
        <SearchBox
          current={q}
          label={texts.search}
          placeholder={texts.searchPlaceholder}
          onSearch={(next, settled) => setParams(next ? { q: next } : {}, { replace: !settled })}
          onComposing={setComposing}
        />
      </div>
      <Prices q={q} typing={composing || isUnfinished(q)} />
    </>
  );
}

/** `typing`: the last syllable is unfinished, so the page does not report a missing ingredient. */
function Prices({ q, typing }: { q: string; typing: boolean }) {
  const { locale, t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const query = useIngredients(q);
  const { data, error, isPending, isFetching, isPlaceholderData, refetch } = query;
  if (isPending) {
    return <Loading />;
  }
  if (!data) {
    return <ErrorNotice error={error} busy={isFetching} onRetry={() => void refetch()} />;
  }
  const found = itemsOf(data.pages);
  if (found.length === 0) {
    const none = q ? texts.noneFor(q) : texts.none;
    return (
      <>
        <div className={message.message} role="status">
          <p className={message.title}>{typing ? texts.typeOn : none}</p>
        </div>
        {q && !typing && !isPlaceholderData && <NewIngredient key={q} name={q} />}
      </>
    );
  }
  return (
    <>
      <table className={isPlaceholderData ? `${table.table} ${styles.busy}` : table.table}>
        <thead>
          <tr>
            <th scope="col">{t.ingredient}</th>
            <th scope="col" className={styles.updated}>
              {texts.updated}
            </th>
            <th scope="col">{texts.price}</th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ id, name, unit, price, per, updatedAt, aliases = [] }) => (
            <tr key={id}>
              <th scope="row">
                <Link to={`/prices/${id}`}>{name}</Link>
                {aliases.length > 0 && <span className={styles.aliases}> {aliases.join(", ")}</span>}
              </th>
              <td className={styles.updated}>{formatDate(updatedAt, locale)}</td>
              <td>{texts.priceFor(formatWon(price, locale), formatQuantity(per, unit, locale, t.units))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <MorePages query={query} />
    </>
  );
}
