import { useSearchParams } from "react-router";
import { useRecipes } from "../api/queries";
import { Button } from "../components/Button";
import { ErrorNotice } from "../components/ErrorNotice";
import message from "../components/Message.module.css";
import { RecipeCard, RecipeCardSkeleton } from "../components/RecipeCard";
import { SearchBox } from "../components/SearchBox";
import { TableArt } from "../dish/TableArt";
import { useTranslation } from "../i18n";
import styles from "./RecipeListPage.module.css";

export function RecipeListPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const q = params.get("q") ?? "";
  const search = (next: string) => setParams(next ? { q: next } : {});
  return (
    <>
      <title>{q ? `${q} · ${t.siteName}` : `${t.siteName} – ${t.tagline}`}</title>
      <section className={styles.hero}>
        <div className={styles.pitch}>
          <h1 className={styles.headline}>{t.tagline}</h1>
          <p className={styles.lead}>{t.taglineDetail}</p>
          <SearchBox current={q} onSearch={search} />
        </div>
        <div className={styles.table}>
          <TableArt />
        </div>
      </section>
      <section aria-labelledby="recipes">
        <h2 id="recipes" className={styles.heading}>
          {q ? t.foundFor(q) : t.recipes}
        </h2>
        <Results q={q} onShowAll={() => search("")} />
      </section>
    </>
  );
}

function Results({ q, onShowAll }: { q: string; onShowAll: () => void }) {
  const { t } = useTranslation();
  const { data, error, isPending, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useRecipes(q);
  if (isPending) {
    return <Loading />;
  }
  const recipes = data?.pages.flatMap((page) => page.items) ?? [];
  if (!data) {
    return <ErrorNotice error={error} busy={isFetching} onRetry={() => void refetch()} />;
  }
  if (recipes.length === 0) {
    return <Nothing q={q} onShowAll={onShowAll} />;
  }
  return (
    <>
      <ul className={styles.grid}>
        {recipes.map((recipe) => (
          <li key={recipe.id}>
            <RecipeCard recipe={recipe} />
          </li>
        ))}
      </ul>
      <div className={styles.more}>
        {error && <ErrorNotice error={error} busy={isFetching} onRetry={() => void fetchNextPage()} />}
        {hasNextPage && !error && (
          <Button quiet busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? t.loading : t.more}
          </Button>
        )}
      </div>
    </>
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <>
      <p className="visually-hidden" role="status">
        {t.loading}
      </p>
      <div className={styles.grid}>
        {["1", "2", "3", "4", "5", "6"].map((key) => (
          <RecipeCardSkeleton key={key} />
        ))}
      </div>
    </>
  );
}

function Nothing({ q, onShowAll }: { q: string; onShowAll: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={message.message} role="status">
      <p className={message.title}>{q ? t.noRecipesFor(q) : t.noRecipes}</p>
      {q && (
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
