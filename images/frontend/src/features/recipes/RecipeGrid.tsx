import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useDeferredValue, type ReactNode } from "react";
import type { Page, RecipeSummary } from "../../api/recipes";
import { ErrorNotice } from "../../components/ErrorNotice";
import { itemsOf } from "../../components/itemsOf";
import { MorePages } from "../../components/MorePages";
import { RecipeCard, RecipeCardSkeleton } from "../../components/RecipeCard";
import { useTranslation } from "../../i18n";
import styles from "./RecipeGrid.module.css";

interface Props {
  query: UseInfiniteQueryResult<InfiniteData<Page<RecipeSummary>>>;
  /** Content for an empty list. */
  none: ReactNode;
}

/** Pages of recipes as cards, with loading, error and empty states. */
export function RecipeGrid({ query: latest, none }: Props) {
  // Rendering many cards takes long. Deferred, React renders in slices, and a slow device stays responsive.
  const query = useDeferredValue(latest);
  const { data, error, isPending, isFetching, refetch } = query;
  if (isPending) {
    return <Skeletons />;
  }
  if (!data) {
    return <ErrorNotice error={error} busy={isFetching} onRetry={() => void refetch()} />;
  }
  const recipes = itemsOf(data.pages);
  if (recipes.length === 0) {
    return none;
  }
  return (
    <>
      <ul className={styles.grid} aria-busy={latest.isPlaceholderData || latest.data !== data}>
        {recipes.map((recipe) => (
          <li key={recipe.id}>
            <RecipeCard recipe={recipe} />
          </li>
        ))}
      </ul>
      <MorePages query={query} lacksItems={lacksRecipes} />
    </>
  );
}

/** A recipe whose cost changed between two requests may be on neither page. The total is unknown for favourites. */
const lacksRecipes = ({ pages }: InfiniteData<Page<RecipeSummary>>): boolean => itemsOf(pages).length < (pages[0]?.total ?? 0);

function Skeletons() {
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
