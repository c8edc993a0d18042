import type { ShoppingItem, ShoppingList } from "../../api/shopping";
import { useTexts, useTranslation } from "../../i18n";
import { formatWanted, formatWon } from "../../i18n/format";
import { shoppingTexts } from "../../i18n/shopping";
import { packsOf } from "./packs";
import styles from "./ShoppingList.module.css";

interface Props {
  list: ShoppingList;
  isTicked: (item: ShoppingItem) => boolean;
  onTick: (item: ShoppingItem, ticked: boolean) => void;
}

export function ItemsToBuy({ list, isTicked, onTick }: Props) {
  const { locale, t } = useTranslation();
  const texts = useTexts(shoppingTexts);
  const packs = (item: ShoppingItem) => packsOf(item, locale, t.units, texts);
  const done = list.items.filter(isTicked).length;
  return (
    <section aria-labelledby="to-buy">
      <h2 id="to-buy" className={styles.heading}>
        {texts.toBuy}
      </h2>
      <p className={styles.progress} role="status">
        {texts.progress(done, list.items.length)}
      </p>
      <ul className={styles.rows}>
        {list.items.map((item) => (
          <li key={item.ingredientId}>
            <label className={styles.item}>
              <input type="checkbox" checked={isTicked(item)} onChange={(event) => onTick(item, event.target.checked)} />
              <span className={styles.name}>{item.name}</span>
              <span className={styles.quantity}>{formatWanted(item, locale, t.units)}</span>
              <span className={styles.won}>{formatWon(item.cost, locale)}</span>
              {packs(item) && <span className={styles.packs}>{packs(item)}</span>}
            </label>
          </li>
        ))}
      </ul>
      <p className={styles.total}>
        {texts.total} <strong data-testid="shopping-total">{formatWon(list.total, locale)}</strong>
      </p>
      {list.packsTotal !== undefined && (
        <p className={styles.packsTotal}>
          {texts.packsTotal} <span data-testid="packs-total">{formatWon(list.packsTotal, locale)}</span>
        </p>
      )}
    </section>
  );
}
