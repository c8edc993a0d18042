import { useRef, useState } from "react";
import type { Ingredient } from "../../api/ingredients";
import { Button } from "../../components/Button";
import field from "../../components/Field.module.css";
import { oneLine } from "../../components/oneLine";
import { useTexts, useTranslation } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import { formatWon } from "../../i18n/format";
import { IngredientPicker } from "../ingredients/IngredientPicker";
import { lacksWeight, little, unitsOf } from "../recipes/units";
import { AddIngredient } from "./AddIngredient";
import { emptyLine, mostLines, nextKey, type DraftLine } from "./draft";
import styles from "./RecipeForm.module.css";
import { WeighSpoon } from "./WeighSpoon";

interface Props {
  lines: DraftLine[];
  /** Cost in won by the line's key; missing while it is unknown. */
  costs: ReadonlyMap<number, number>;
  errors: Readonly<Record<string, string>>;
  onChange: (lines: DraftLine[]) => void;
}

export function IngredientsEditor({ lines, costs, errors, onChange }: Props) {
  const texts = useTexts(editorTexts);
  const add = useRef<HTMLButtonElement>(null);
  const [added, setAdded] = useState<number>();
  const addLine = () => {
    const line = emptyLine(nextKey(lines));
    setAdded(line.key);
    onChange([...lines, line]);
  };
  return (
    <>
      <ul className={styles.rows}>
        {lines.map((line, place) => (
          <LineEditor
            key={line.key}
            number={place + 1}
            line={line}
            isNew={line.key === added}
            cost={costs.get(line.key)}
            errors={errors}
            onChange={(part) => onChange(lines.map((one) => (one === line ? { ...one, ...part } : one)))}
            onWeighed={(grams) => onChange(weighed(lines, line.ingredient?.id, grams))}
            onRemove={() => {
              onChange(lines.filter((one) => one !== line));
              add.current?.focus();
            }}
          />
        ))}
      </ul>
      {lines.length < mostLines && (
        <Button quiet ref={add} name="add-ingredient" onClick={addLine}>
          {texts.addIngredient}
        </Button>
      )}
    </>
  );
}

/** The lines, with the weight of a tablespoon set in each line of the ingredient. */
const weighed = (lines: DraftLine[], id: number | undefined, grams: number): DraftLine[] =>
  lines.map((line) => (line.ingredient?.id === id && line.ingredient ? { ...line, ingredient: { ...line.ingredient, tablespoonGrams: grams } } : line));

const focus = (input: HTMLInputElement | null) => input?.focus();

interface LineProps {
  number: number;
  line: DraftLine;
  /** The user has just added the line: its input gets the focus. */
  isNew: boolean;
  cost: number | undefined;
  errors: Readonly<Record<string, string>>;
  onChange: (part: Partial<DraftLine>) => void;
  onWeighed: (grams: number) => void;
  onRemove: () => void;
}

function LineEditor({ number, line, isNew, cost, errors, onChange, onWeighed, onRemove }: LineProps) {
  const { locale, t } = useTranslation();
  const texts = useTexts(editorTexts);
  const { key, typed, ingredient, quantity, unit, pasted } = line;
  const isOpen = !ingredient || (quantity === "" && unit !== little);
  // The line's own unit may be one that a later API added.
  const units = ingredient ? [...new Set([...unitsOf(ingredient.unit), unit])] : [];
  const amount = useRef<HTMLInputElement>(null);
  const pick = ({ id, name, unit: base, tablespoonGrams }: Ingredient) =>
    onChange({ typed: name, ingredient: { id, unit: base, tablespoonGrams }, unit: unitsOf(base).includes(unit) ? unit : base });
  const pickAdded = (added: Ingredient) => {
    pick(added);
    amount.current?.focus();
  };
  const wrongQuantity = errors[`quantity-${key}`];
  const wrongId = `quantity-${key}-error`;
  return (
    <li className={styles.line}>
      <IngredientPicker
        ref={isNew ? focus : null}
        name={`ingredient-${key}`}
        label={texts.ingredientNo(number)}
        placeholder={texts.ingredientExample}
        typed={typed}
        chosen={ingredient !== null}
        error={errors[`ingredient-${key}`]}
        emptyAction={<AddIngredient name={oneLine(typed)} onAdded={pickAdded} />}
        onType={(text) => onChange({ typed: text, ingredient: null })}
        onPick={pick}
      />
      <div className={styles.quantity}>
        <input
          ref={amount}
          className={field.input}
          name={`quantity-${key}`}
          aria-label={texts.quantityNo(number)}
          placeholder={unit === little ? undefined : texts.quantity}
          aria-invalid={wrongQuantity !== undefined}
          aria-describedby={wrongQuantity && wrongId}
          autoComplete="off"
          enterKeyHint="next"
          maxLength={16}
          disabled={unit === little}
          value={unit === little ? "" : quantity}
          onChange={(event) => onChange({ quantity: event.target.value })}
        />
        <select
          className={field.input}
          aria-label={texts.unitNo(number)}
          disabled={!ingredient}
          value={unit}
          onChange={(event) => onChange({ unit: event.target.value })}
        >
          {units.map((one) => (
            <option key={one} value={one}>
              {one === "cup" ? texts.cup : t.units[one] || one}
            </option>
          ))}
        </select>
      </div>
      <span className={styles.won}>{cost !== undefined && formatWon(cost, locale)}</span>
      <button type="button" className={styles.remove} aria-label={texts.removeIngredient(number)} onClick={onRemove}>
        {texts.remove}
      </button>
      {pasted !== undefined && isOpen && <p className={field.hint}>{texts.pastedLine(pasted)}</p>}
      {wrongQuantity && (
        <p id={wrongId} className={field.error}>
          {wrongQuantity}
        </p>
      )}
      {ingredient && lacksWeight(unit, ingredient) && (
        <WeighSpoon key={ingredient.id} name={`weight-${key}`} ingredient={{ id: ingredient.id, name: typed }} error={errors[`weight-${key}`]} onKnown={onWeighed} />
      )}
    </li>
  );
}
