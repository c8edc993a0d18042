import { Link, useParams } from "react-router";
import { ApiError } from "../api/problem";
import type { Ingredient } from "../api/ingredients";
import { ErrorNotice } from "../components/ErrorNotice";
import { Loading } from "../components/Loading";
import { PriceHistory } from "../features/prices/PriceHistory";
import { useIngredient } from "../features/prices/queries";
import { ReportPrice } from "../features/prices/ReportPrice";
import { AisleEditor } from "../features/prices/AisleEditor";
import { useTexts, useTranslation } from "../i18n";
import { aislesTexts } from "../i18n/aisles";
import { formatQuantity, formatWon } from "../i18n/format";
import { pricesTexts } from "../i18n/prices";
import styles from "./IngredientPage.module.css";
import { NotFoundPage } from "./NotFoundPage";

export function IngredientPage() {
  const { id = "" } = useParams();
  const texts = useTexts(pricesTexts);
  const { data, error, isPending, isFetching, refetch } = useIngredient(id);
  if (isPending) {
    return <Loading />;
  }
  if (data) {
    return <IngredientView key={data.id} ingredient={data} />;
  }
  if (error instanceof ApiError && error.status === 404) {
    return <NotFoundPage what={texts.gone} />;
  }
  return <ErrorNotice wholePage error={error} busy={isFetching} onRetry={() => void refetch()} />;
}

function IngredientView({ ingredient }: { ingredient: Ingredient }) {
  const { locale, t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const aisle = useTexts(aislesTexts);
  const { name, unit, price, per } = ingredient;
  return (
    <div className={styles.page}>
      <title>{`${name} · ${t.siteName}`}</title>
      <p>
        <Link to="/prices">← {texts.backToPrices}</Link>
      </p>
      <header>
        <h1>{name}</h1>
        <p className={styles.price}>{texts.priceFor(formatWon(price, locale), formatQuantity(per, unit, locale, t.units))}</p>
      </header>
      <section className={styles.section} aria-labelledby="history">
        <h2 id="history">{texts.history}</h2>
        <PriceHistory ingredient={ingredient} />
      </section>
      <section className={styles.section} aria-labelledby="report">
        <h2 id="report">{texts.report}</h2>
        <ReportPrice ingredient={ingredient} />
      </section>
      <section className={styles.section} aria-labelledby="aisle">
        <h2 id="aisle">{aisle.where}</h2>
        <AisleEditor ingredient={ingredient} />
      </section>
    </div>
  );
}
