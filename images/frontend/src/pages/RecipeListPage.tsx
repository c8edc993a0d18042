import { useSearchParams } from "react-router";
import type { RecipeFilters } from "../api/recipes";
import { Button } from "../components/Button";
import message from "../components/Message.module.css";
import { SearchBox } from "../components/SearchBox";
import { TableArt } from "../dish/TableArt";
import { FilterBar } from "../features/recipes/FilterBar";
import { isNarrowed, readFilters, writeFilters } from "../features/recipes/filters";
import { useRecipes } from "../features/recipes/queries";
import { RecipeGrid } from "../features/recipes/RecipeGrid";
import { useTranslation } from "../i18n";
import styles from "./RecipeListPage.module.css";

export function RecipeListPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const filters = readFilters(params);
  const query = useRecipes(filters);
  const { q = "" } = filters;
  // What is only on the way to a search is no place to go back to.
  const search = (next: string, settled: boolean) =>
    setParams((before) => writeFilters({ ...readFilters(before), q: next }), { replace: !settled });
  return (
    <>
      <title>{q ? `${q} · ${t.siteName}` : `${t.siteName} – ${t.tagline}`}</title>
      <section className={styles.hero}>
        <div className={styles.pitch}>
          <h1 className={styles.headline}>{t.tagline}</h1>
          <p className={styles.lead}>{t.taglineDetail}</p>
          <SearchBox current={q} label={t.search} placeholder={t.searchPlaceholder} onSearch={search} />
        </div>
        <div className={styles.table}>
          <TableArt />
        </div>
      </section>
      <section aria-labelledby="recipes">
        <h2 id="recipes" className={styles.heading}>
          {q ? t.foundFor(q) : t.recipes}
        </h2>
        <FilterBar filters={filters} onChange={(change) => setParams((before) => writeFilters({ ...readFilters(before), ...change } as RecipeFilters))} />
        <RecipeGrid query={query} none={<Nothing filters={filters} onShowAll={() => setParams({})} />} />
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
