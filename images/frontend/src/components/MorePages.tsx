import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import { ErrorNotice } from "./ErrorNotice";
import styles from "./MorePages.module.css";

interface Props<T> {
  query: UseInfiniteQueryResult<T>;
  /** Whether a list with all its pages lacks an item. An item that moved between two requests may be on no page. The list is then reloaded once. */
  lacksItems?: (list: T) => boolean;
}

/** The end of a list: its next page, or the cause if the page or the list could not be loaded. */
export function MorePages<T>({ query, lacksItems }: Props<T>) {
  const { t } = useTranslation();
  const { error, isFetching, isFetchNextPageError, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = query;
  const more = async () => {
    const { data, hasNextPage: hasMore } = await fetchNextPage();
    if (data && !hasMore && lacksItems?.(data)) {
      await refetch();
    }
  };
  // Reloading the shown pages may have failed too.
  const again = isFetchNextPageError ? more : refetch;
  return (
    <div className={styles.more}>
      {error && <ErrorNotice error={error} busy={isFetching} onRetry={() => void again()} />}
      {hasNextPage && !error && (
        <Button quiet busy={isFetchingNextPage} onClick={() => void more()}>
          {isFetchingNextPage ? t.loading : t.more}
        </Button>
      )}
    </div>
  );
}
