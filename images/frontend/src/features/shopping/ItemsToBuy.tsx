import type { ShoppingList } from "../../api/shopping";
import { useTexts, useTranslation } from "../../i18n";
import { formatWanted, formatWon } from "../../i18n/format";
import { shoppingTexts } from "../../i18n/shopping";
import styles from "./ShoppingList.module.css";

interface Props {
  list: ShoppingList;
  ticked: readonly number[];
  onTick: (ingredientId: number, ticked: boolean) => void;
}

export function ItemsToBuy({ list, ticked, onTick }: Props) {
  const { locale, t } = useTranslation();
  const texts = useTexts(shoppingTexts);
  const done = list.items.filter(({ ingredientId }) => ticked.includes(ingredientId)).length;
  return (
    <section aria-labelledby="to-buy">
      <h2 id="to-buy" className={styles.heading}>
        {texts.toBuy}
      </h2>
      <p className={styles.progress} role="status">
        {texts.progress(done, list.items.length)}
      </p>
      <ul className={styles.rows}>
        {list.items.map(({ ingredientId, name, cost, ...wanted }) => (
          <li key={ingredientId}>
            <label className={styles.item}>
              <input type="checkbox" checked={ticked.includes(ingredientId)} onChange={(event) => onTick(ingredientId, event.target.checked)} />
              <span className={styles.name}>{name}</span>
              <span className={styles.quantity}>{formatWanted(wanted, locale, t.units)}</span>
              <span className={styles.won}>{formatWon(cost, locale)}</span>
            </label>
          </li>
        ))}
      </ul>
      <p className={styles.total}>
        {texts.total} <strong data-testid="shopping-total">{formatWon(list.total, locale)}</strong>
      </p>
    </section>
  );
}
