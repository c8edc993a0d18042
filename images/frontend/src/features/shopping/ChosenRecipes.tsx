import { useId } from "react";
import { Link } from "react-router";
import type { ShoppingList } from "../../api/shopping";
import { useTexts, useTranslation } from "../../i18n";
import { formatWon } from "../../i18n/format";
import { shoppingTexts } from "../../i18n/shopping";
import type { Chosen } from "./choice";
import styles from "./ShoppingList.module.css";

interface Props {
  choice: readonly Chosen[];
  /** The recipes with current titles and costs, as far as they are loaded. */
  current: ShoppingList["recipes"];
  onServings: (chosen: Chosen, servings: number) => void;
  onTakeOut: (chosen: Chosen) => void;
}

export function ChosenRecipes({ choice, current, onServings, onTakeOut }: Props) {
  const texts = useTexts(shoppingTexts);
  const currentOf = new Map(current.map((recipe) => [recipe.id, recipe]));
  return (
    <section aria-labelledby="chosen">
      <h2 id="chosen" className={styles.heading}>
        {texts.chosen}
      </h2>
      <ul className={styles.rows}>
        {choice.map((chosen) => (
          <Row
            key={chosen.id}
            // The stored title may be an earlier one.
            chosen={{ ...chosen, title: currentOf.get(chosen.id)?.title ?? chosen.title }}
            cost={currentOf.get(chosen.id)?.cost}
            onServings={(servings) => onServings(chosen, servings)}
            onTakeOut={() => onTakeOut(chosen)}
          />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  chosen: Chosen;
  cost: number | undefined;
  onServings: (servings: number) => void;
  onTakeOut: () => void;
}

function Row({ chosen, cost, onServings, onTakeOut }: RowProps) {
  const { locale, t } = useTranslation();
  const texts = useTexts(shoppingTexts);
  const id = useId();
  return (
    <li className={styles.chosen}>
      <Link className={styles.name} to={`/recipes/${chosen.id}`}>
        {chosen.title}
      </Link>
      <label className="visually-hidden" htmlFor={id}>
        {texts.servingsOf(chosen.title)}
      </label>
      <select id={id} className={styles.select} value={chosen.servings} onChange={(event) => onServings(Number(event.target.value))}>
        {servingsUpTo(Math.max(12, chosen.servings)).map((n) => (
          <option key={n} value={n}>
            {t.servings(n)}
          </option>
        ))}
      </select>
      <span className={styles.won}>{cost !== undefined && formatWon(cost, locale)}</span>
      <button type="button" className={styles.remove} aria-label={texts.takeOutOf(chosen.title)} onClick={onTakeOut}>
        {texts.takeOut}
      </button>
    </li>
  );
}

const servingsUpTo = (most: number) => Array.from({ length: most }, (_, place) => place + 1);
