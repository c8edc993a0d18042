import type { RecipeFilters } from "../api/recipes";
import { Button } from "../components/Button";
import message from "../components/Message.module.css";
import { SearchBox } from "../components/SearchBox";
import { TableArt } from "../dish/TableArt";
import { FilterBar } from "../features/recipes/FilterBar";
import { isNarrowed, noConditions } from "../features/recipes/filters";
import { totalOf, useRecipes } from "../features/recipes/queries";
import { RecipeGrid } from "../features/recipes/RecipeGrid";
import { useFilters } from "../features/recipes/useFilters";
import { useTranslation } from "../i18n";
import styles from "./RecipeListPage.module.css";

export function RecipeListPage() {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const query = useRecipes(filters);
  const { q = "" } = filters;
  return (
    <>
      <title>{q ? `${q} · ${t.siteName}` : `${t.siteName} – ${t.tagline}`}</title>
      <section className={styles.hero}>
        <div className={styles.table}>
          <TableArt />
        </div>
        <div>
          <h1 className={styles.headline}>{t.tagline}</h1>
          <p className={styles.lead}>{t.taglineDetail}</p>
        </div>
        <SearchBox current={q} label={t.search} placeholder={t.searchPlaceholder} onSearch={(next, settled) => change({ q: next }, !settled)} />
      </section>
      <section aria-labelledby="recipes">
        <FilterBar total={totalOf(query.data)} />
        <RecipeGrid query={query} none={<Nothing filters={filters} onShowAll={() => change({ ...noConditions, q: undefined, sort: undefined })} />} />
      </section>
    </>
  );
}

function Nothing({ filters, onShowAll }: { filters: RecipeFilters; onShowAll: () => void }) {
  const { t } = useTranslation();
  const narrowed = isNarrowed(filters);
  const title = narrowed ? t.noRecipesNarrowed : t.noRecipes;
  return (
    <div className={message.message} role="status">
      <p className={message.title}>{filters.q ? t.noRecipesFor(filters.q) : title}</p>
      {narrowed && (
        <>
          <p className={message.hint}>{t.noRecipesHint}</p>
          <Button quiet onClick={onShowAll}>
            {t.showAll}
          </Button>
        </>
      )}
    </div>
  );
}
