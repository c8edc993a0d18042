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

/** Only recipes that have all of these. */
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
            // Its name is known already.
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
  // The address may name one that does not exist; it can be removed all the same.
  const name = data?.name ?? `${t.ingredient} ${id}`;
  return (
    <button type="button" className={styles.chip} aria-label={t.withoutIngredient(name)} onClick={onRemove}>
      {name} <span aria-hidden="true">×</span>
    </button>
  );
}
