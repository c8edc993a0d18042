import { useId, useState, type ReactNode } from "react";
import { type RecipeFilters, type Sort } from "../../api/recipes";
import { FailureNote } from "../../components/FailureNote";
import inputs from "../../components/Field.module.css";
import { numberOf } from "../../components/numbers";
import { useTranslation } from "../../i18n";
import { wrongNumber } from "../../i18n/wrongNumber";
import styles from "./FilterBar.module.css";
import { sortsFor, usualSort } from "./filters";
import { IngredientFilter } from "./IngredientFilter";
import { useTags } from "./queries";

interface Props {
  filters: RecipeFilters;
  onChange: (change: { [Name in keyof RecipeFilters]: RecipeFilters[Name] | undefined }) => void;
}

/** The address takes so many digits. */
const mostWon = 9_999_999;
const minutes = [15, 30, 60, 120];

export function FilterBar({ filters, onChange }: Props) {
  const { t } = useTranslation();
  const { data: tags = [], error, refetch } = useTags();
  // A tag that the address names is offered even where it is unknown, or the choice would lie.
  const names = filters.tag && !tags.some(({ name }) => name === filters.tag) ? [...tags.map(({ name }) => name), filters.tag] : tags.map(({ name }) => name);
  const times = filters.maxMinutes && !minutes.includes(filters.maxMinutes) ? [...minutes, filters.maxMinutes] : minutes;
  return (
    <div className={styles.bar} role="group" aria-label={t.filters}>
      <Choice label={t.sort} value={filters.sort ?? usualSort(filters)} onChange={(sort) => onChange({ sort: sort as Sort })}>
        {sortsFor(filters).map((sort) => (
          <option key={sort} value={sort}>
            {t.sorts[sort]}
          </option>
        ))}
      </Choice>
      <Choice
        label={t.tag}
        value={filters.tag ?? ""}
        onChange={(tag) => onChange({ tag: tag || undefined })}
        note={error && <FailureNote what={t.tagsFailed} onRetry={() => void refetch()} />}
      >
        <option value="">{t.anyTag}</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Choice>
      <Choice label={t.time} value={filters.maxMinutes ?? ""} onChange={(value) => onChange({ maxMinutes: Number(value) || undefined })}>
        <option value="">{t.anyTime}</option>
        {times.map((n) => (
          <option key={n} value={n}>
            {t.upToMinutes(n)}
          </option>
        ))}
      </Choice>
      <IngredientFilter ids={filters.ingredient ?? []} onChange={(ingredient) => onChange({ ingredient })} />
      <Amount label={t.minCost} value={filters.minCost} onChange={(minCost) => onChange({ minCost })} />
      <Amount label={t.maxCost} value={filters.maxCost} onChange={(maxCost) => onChange({ maxCost })} />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string | number;
  onChange: (value: string) => void;
  children: ReactNode;
  note?: ReactNode;
}

function Choice({ label, value, onChange, children, note }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} className={styles.control} value={value} onChange={(event) => onChange(event.target.value)}>
        {children}
      </select>
      {note}
    </div>
  );
}

/** Asks once the person has finished the number, not at every digit. */
function Amount({ label, value, onChange }: { label: string; value: number | undefined; onChange: (value: number | undefined) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const current = value === undefined ? "" : String(value);
  const [typed, setTyped] = useState(current);
  const [known, setKnown] = useState(current);
  if (known !== current) {
    setKnown(current);
    setTyped(current);
  }
  const read = numberOf(typed);
  const isRight = typed.trim() === "" || (Number.isInteger(read) && read >= 0 && read <= mostWon);
  const [wrong, setWrong] = useState(false);
  const settle = () => {
    setWrong(!isRight);
    if (typed !== current && isRight) {
      onChange(typed.trim() === "" ? undefined : read);
    }
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={styles.control}
        maxLength={16}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-error` : undefined}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            settle();
          }
        }}
      />
      {wrong && (
        <p id={`${id}-error`} className={inputs.error}>
          {wrongNumber(typed, t.wonWrong, t)}
        </p>
      )}
    </div>
  );
}
