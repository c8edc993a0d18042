import { useId } from "react";
import { Link } from "react-router";
import { useTexts, useTranslation } from "../../i18n";
import { formatWon } from "../../i18n/format";
import { shoppingTexts } from "../../i18n/shopping";
import type { Chosen } from "./choice";
import styles from "./ShoppingList.module.css";

interface Props {
  choice: readonly Chosen[];
  costs: ReadonlyMap<number, number>;
  onServings: (chosen: Chosen, servings: number) => void;
  onTakeOut: (chosen: Chosen) => void;
}

export function ChosenRecipes({ choice, costs, onServings, onTakeOut }: Props) {
  const texts = useTexts(shoppingTexts);
  return (
    <section aria-labelledby="chosen">
      <h2 id="chosen" className={styles.heading}>
        {texts.chosen}
      </h2>
      <ul className={styles.rows}>
        {choice.map((chosen) => (
          <Row
            key={chosen.id}
            chosen={chosen}
            cost={costs.get(chosen.id)}
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
