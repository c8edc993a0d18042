import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import { ErrorNotice } from "./ErrorNotice";
import styles from "./MorePages.module.css";

/** The end of a list: its next page, or the cause if the page or the list could not be loaded. */
export function MorePages({ query }: { query: UseInfiniteQueryResult }) {
  const { t } = useTranslation();
  const { error, isFetching, isFetchNextPageError, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = query;
  // Reloading the shown pages may have failed too.
  const again = isFetchNextPageError ? fetchNextPage : refetch;
  return (
    <div className={styles.more}>
      {error && <ErrorNotice error={error} busy={isFetching} onRetry={() => void again()} />}
      {hasNextPage && !error && (
        <Button quiet busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? t.loading : t.more}
        </Button>
      )}
    </div>
  );
}
