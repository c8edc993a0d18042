import { Suspense, useId, useRef, useState } from "react";
import type { Sort } from "../../api/recipes";
import { Button } from "../../components/Button";
import { useTranslation } from "../../i18n";
import { onDemand } from "../../onDemand";
import { narrow, useMedia } from "../../styles/media";
import { Choice } from "./Choice";
import styles from "./FilterBar.module.css";
import { countConditions, noConditions, sortsFor, usualSort } from "./filters";
import { useFilters } from "./useFilters";

/** On a phone the filters open on request, so that the list is visible first. */
const Filters = onDemand("Filters", async () => (await import("./Filters")).Filters, { wholePage: false });

interface Props {
  /** Number of matching recipes; undefined until it is known. */
  total: number | undefined;
}

/** Heading with the number of recipes, their order, and the filters; on a phone the filters are behind a button. */
export function FilterBar({ total }: Props) {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const isNarrow = useMedia(narrow);
  const [open, setOpen] = useState(false);
  const [clearings, setClearings] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const conditions = countConditions(filters);
  const clear = () => {
    change(noConditions);
    // This also clears typed text that is not a filter yet, and removes this button, which has the focus.
    setClearings(clearings + 1);
    heading.current?.focus();
  };
  return (
    <>
      <div className={styles.bar}>
        <h2 ref={heading} id="recipes" className={styles.heading} tabIndex={-1}>
          {filters.q ? t.foundFor(filters.q) : t.recipes}
        </h2>
        <p className={styles.total} role="status">
          {total ? t.total(total) : null}
        </p>
        {conditions > 0 && (
          <Button quiet onClick={clear}>
            {t.clearFilters}
          </Button>
        )}
        <div className={styles.order}>
          {isNarrow && (
            <Button quiet aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
              {conditions > 0 ? `${t.filters} (${conditions})` : t.filters}
            </Button>
          )}
          <Choice label={t.sort} labelHidden value={filters.sort ?? usualSort(filters)} onChange={(sort) => change({ sort: sort as Sort })}>
            {sortsFor(filters).map((sort) => (
              <option key={sort} value={sort}>
                {t.sorts[sort]}
              </option>
            ))}
          </Choice>
        </div>
      </div>
      <div id={id} className={styles.conditions}>
        {(open || !isNarrow) && (
          <Suspense fallback={<div className={styles.coming} />}>
            <Filters key={clearings} />
          </Suspense>
        )}
      </div>
    </>
  );
}
