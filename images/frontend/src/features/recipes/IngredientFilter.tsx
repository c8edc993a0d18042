import { useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { mostIngredients } from "../../api/recipes";
import { useTranslation } from "../../i18n";
import { IngredientPicker } from "../ingredients/IngredientPicker";
import { oneIngredient, useIngredient } from "../prices/queries";
import styles from "./Filters.module.css";

interface Props {
  ids: readonly number[];
  onChange: (ids: number[] | undefined) => void;
}

/** Filters recipes that have all of these ingredients. */
export function IngredientFilter({ ids, onChange }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const remove = (removed: number) => {
    const left = ids.filter((one) => one !== removed);
    onChange(left.length > 0 ? left : undefined);
    input.current?.focus();
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{t.withIngredient}</label>
      {ids.length < mostIngredients && (
        <IngredientPicker
          id={id}
          ref={input}
          className={styles.control}
          typed={typed}
          chosen={false}
          onType={setTyped}
          onPick={(ingredient) => {
            // Stores the name, so it need not be requested.
            queryClient.setQueryData(oneIngredient(String(ingredient.id)), ingredient);
            setTyped("");
            onChange([...new Set([...ids, ingredient.id])]);
          }}
        />
      )}
      {ids.length > 0 && (
        <ul className={styles.chosen}>
          {ids.map((one) => (
            <li key={one}>
              <Chosen id={one} onRemove={() => remove(one)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Chosen({ id, onRemove }: { id: number; onRemove: () => void }) {
  const { t } = useTranslation();
  const { data } = useIngredient(String(id));
  // The URL may name an ingredient that does not exist. It can be removed too.
  const name = data?.name ?? `${t.ingredient} ${id}`;
  return (
    <button type="button" className={styles.chip} aria-label={t.withoutIngredient(name)} onClick={onRemove}>
      {name} <span aria-hidden="true">×</span>
    </button>
  );
}
