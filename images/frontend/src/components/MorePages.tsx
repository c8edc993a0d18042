import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import { ErrorNotice } from "./ErrorNotice";
import styles from "./MorePages.module.css";

/** The end of a list: its next page, or why that could not be had. */
export function MorePages({ query: { error, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage } }: { query: UseInfiniteQueryResult }) {
  const { t } = useTranslation();
  return (
    <div className={styles.more}>
      {error && <ErrorNotice error={error} busy={isFetching} onRetry={() => void fetchNextPage()} />}
      {hasNextPage && !error && (
        <Button quiet busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? t.loading : t.more}
        </Button>
      )}
    </div>
  );
}
