import { useRef } from "react";
import { Link } from "react-router";
import { Button } from "../../components/Button";
import field from "../../components/Field.module.css";
import { oneLine } from "../../components/oneLine";
import { useTexts, useTranslation } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import { formatWon } from "../../i18n/format";
import { IngredientPicker } from "../ingredients/IngredientPicker";
import { lacksWeight, little, unitsOf } from "../recipes/units";
import { emptyLine, mostLines, nextKey, type DraftLine } from "./draft";
import styles from "./RecipeForm.module.css";
import { WeighSpoon } from "./WeighSpoon";

interface Props {
  lines: DraftLine[];
  /** Won by the line's key, where it is known already. */
  costs: ReadonlyMap<number, number>;
  errors: Readonly<Record<string, string>>;
  onChange: (lines: DraftLine[]) => void;
}

export function LinesEditor({ lines, costs, errors, onChange }: Props) {
  const texts = useTexts(editorTexts);
  const add = useRef<HTMLButtonElement>(null);
  return (
    <>
      <ul className={styles.rows}>
        {lines.map((line, place) => (
          <LineEditor
            key={line.key}
            number={place + 1}
            line={line}
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
        <Button quiet ref={add} onClick={() => onChange([...lines, emptyLine(nextKey(lines))])}>
          {texts.addIngredient}
        </Button>
      )}
    </>
  );
}

/** All lines of the ingredient, now that it is known what a tablespoon of it weighs. */
const weighed = (lines: DraftLine[], id: number | undefined, grams: number): DraftLine[] =>
  lines.map((line) => (line.ingredient?.id === id && line.ingredient ? { ...line, ingredient: { ...line.ingredient, tablespoonGrams: grams } } : line));

interface LineProps {
  number: number;
  line: DraftLine;
  cost: number | undefined;
  errors: Readonly<Record<string, string>>;
  onChange: (part: Partial<DraftLine>) => void;
  onWeighed: (grams: number) => void;
  onRemove: () => void;
}

function LineEditor({ number, line, cost, errors, onChange, onWeighed, onRemove }: LineProps) {
  const { locale, t } = useTranslation();
  const texts = useTexts(editorTexts);
  const { key, typed, ingredient, quantity, unit, pasted } = line;
  const isOpen = !ingredient || (quantity === "" && unit !== little);
  // The line's own unit may be one that a later API added.
  const units = ingredient ? [...new Set([...unitsOf(ingredient.unit), unit])] : [];
  const wrongQuantity = errors[`quantity-${key}`];
  const wrongId = `quantity-${key}-error`;
  return (
    <li className={styles.line}>
      <IngredientPicker
        name={`ingredient-${key}`}
        label={texts.ingredientNo(number)}
        typed={typed}
        chosen={ingredient !== null}
        error={errors[`ingredient-${key}`]}
        // The draft is kept, so leaving loses nothing.
        whenNone={<Link to={`/prices?${new URLSearchParams({ q: oneLine(typed) })}`}>{texts.addIt}</Link>}
        onType={(text) => onChange({ typed: text, ingredient: null })}
        onPick={({ id, name, unit: base, tablespoonGrams }) =>
          onChange({ typed: name, ingredient: { id, unit: base, tablespoonGrams }, unit: unitsOf(base).includes(unit) ? unit : base })
        }
      />
      <div className={styles.quantity}>
        <input
          className={field.input}
          name={`quantity-${key}`}
          aria-label={texts.quantityNo(number)}
          aria-invalid={wrongQuantity !== undefined}
          aria-describedby={wrongQuantity && wrongId}
          autoComplete="off"
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
