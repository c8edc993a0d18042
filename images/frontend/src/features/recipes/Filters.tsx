import { FailureNote } from "../../components/FailureNote";
import { useTranslation } from "../../i18n";
import { Amount } from "./Amount";
import { Choice } from "./Choice";
import styles from "./Filters.module.css";
import { IngredientFilter } from "./IngredientFilter";
import { useTags } from "./queries";
import { useFilters } from "./useFilters";

const minutes = [15, 30, 60, 120];

/** The controls for the filters of the URL. */
export function Filters() {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const { data: tags = [], error, refetch } = useTags();
  // A tag of the URL is listed even if it is unknown; otherwise the select would show another value.
  const names = filters.tag && !tags.some(({ name }) => name === filters.tag) ? [...tags.map(({ name }) => name), filters.tag] : tags.map(({ name }) => name);
  const times = filters.maxMinutes && !minutes.includes(filters.maxMinutes) ? [...minutes, filters.maxMinutes] : minutes;
  return (
    <div className={styles.filters} role="group" aria-label={t.filters}>
      <Choice
        label={t.tag}
        value={filters.tag ?? ""}
        onChange={(tag) => change({ tag: tag || undefined })}
        note={error && <FailureNote what={t.tagsFailed} onRetry={() => void refetch()} />}
      >
        <option value="">{t.anyTag}</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Choice>
      <Choice label={t.time} value={filters.maxMinutes ?? ""} onChange={(value) => change({ maxMinutes: Number(value) || undefined })}>
        <option value="">{t.anyTime}</option>
        {times.map((n) => (
          <option key={n} value={n}>
            {t.upToMinutes(n)}
          </option>
        ))}
      </Choice>
      <IngredientFilter ids={filters.ingredient ?? []} onChange={(ingredient) => change({ ingredient })} />
      <Amount label={t.minCost} value={filters.minCost} onChange={(minCost, typing) => change({ minCost }, typing)} />
      <Amount label={t.maxCost} value={filters.maxCost} onChange={(maxCost, typing) => change({ maxCost }, typing)} />
    </div>
  );
}
