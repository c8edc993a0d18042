import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page, RecipeSummary } from "../../api/recipes";
import { Button } from "../../components/Button";
import { ErrorNotice } from "../../components/ErrorNotice";
import { RecipeCard, RecipeCardSkeleton } from "../../components/RecipeCard";
import { useTranslation } from "../../i18n";
import styles from "./RecipeGrid.module.css";

interface Props {
  query: UseInfiniteQueryResult<InfiniteData<Page<RecipeSummary>>>;
  /** What to show where there are none. */
  none: ReactNode;
}

/** Pages of recipes as cards, in each state that they can be in. */
export function RecipeGrid({ query, none }: Props) {
  const { t } = useTranslation();
  const { data, error, isPending, isFetching, isFetchingNextPage, isPlaceholderData, hasNextPage, fetchNextPage, refetch } = query;
  if (isPending) {
    return <Loading />;
  }
  if (!data) {
    return <ErrorNotice error={error} busy={isFetching} onRetry={() => void refetch()} />;
  }
  const recipes = data.pages.flatMap((page) => page.items);
  if (recipes.length === 0) {
    return none;
  }
  return (
    <>
      <ul className={styles.grid} aria-busy={isPlaceholderData}>
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
