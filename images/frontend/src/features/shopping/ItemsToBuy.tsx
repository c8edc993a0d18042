import { useEffect, useId, useState } from "react";
import type { ShoppingItem, ShoppingList } from "../../api/shopping";
import { useTexts, useTranslation } from "../../i18n";
import { formatWanted, formatWon } from "../../i18n/format";
import { aislesTexts } from "../../i18n/aisles";
import { shoppingTexts } from "../../i18n/shopping";
import { byAisle, type Aisle } from "./aisles";
import { packsOf } from "./packs";
import styles from "./ShoppingList.module.css";
import { UnknownAisle } from "./UnknownAisle";

interface Props {
  list: ShoppingList;
  isTicked: (item: ShoppingItem) => boolean;
  onTick: (item: ShoppingItem, ticked: boolean) => void;
}

export function ItemsToBuy({ list, isTicked, onTick }: Props) {
  const { locale } = useTranslation();
  const texts = useTexts(shoppingTexts);
  const { names } = useTexts(aislesTexts);
  const aisles = byAisle(list.items, names);
  const done = list.items.filter(isTicked).length;
  const [told, setTold] = useFollow(list);
  return (
    <section aria-labelledby="to-buy">
      <h2 id="to-buy" className={styles.heading}>
        {texts.toBuy}
      </h2>
      <p className={styles.progress} role="status">
        {texts.progress(done, list.items.length)}
      </p>
      {aisles.map((aisle) => (
        <ItemsOfAisle key={aisle.name ?? ""} aisle={aisle} alone={aisles.length === 1} isTicked={isTicked} onTick={onTick} onTold={setTold} />
      ))}
      <p className="visually-hidden" role="status">
        {told && texts.movedTo(told.name, names[told.aisle ?? ""] ?? "")}
      </p>
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

const checkboxOf = (ingredientId: number) => `item-${ingredientId}`;

/** The item whose aisle was set last, once the list has it there. The focus follows it, because its form has gone. */
function useFollow(list: ShoppingList) {
  const [id, setId] = useState<number>();
  const item = list.items.find(({ ingredientId, aisle }) => ingredientId === id && aisle);
  const arrived = item?.ingredientId;
  useEffect(() => {
    if (arrived !== undefined) {
      document.getElementById(checkboxOf(arrived))?.focus();
    }
  }, [arrived]);
  return [item, setId] as const;
}

interface AisleProps extends Omit<Props, "list"> {
  aisle: Aisle;
  /** There is no other: what is in none needs no heading then. */
  alone: boolean;
  /** Called with an ingredient's id after its aisle was set. */
  onTold: (ingredientId: number) => void;
}

function ItemsOfAisle({ aisle: { name, items }, alone, isTicked, onTick, onTold }: AisleProps) {
  const { locale, t } = useTranslation();
  const texts = useTexts(shoppingTexts);
  const { none } = useTexts(aislesTexts);
  const id = useId();
  const hasHeading = name !== undefined || !alone;
  return (
    <>
      {hasHeading && (
        <h3 id={id} className={styles.aisle}>
          {name ?? none}
        </h3>
      )}
      <ul className={styles.rows} aria-labelledby={hasHeading ? id : undefined}>
        {items.map((item) => {
          const packs = packsOf(item, locale, t.units, texts);
          return (
            <li key={item.ingredientId}>
              <label className={styles.item}>
                <input id={checkboxOf(item.ingredientId)} type="checkbox" checked={isTicked(item)} onChange={(event) => onTick(item, event.target.checked)} />
                <span className={styles.name}>{item.name}</span>
                <span className={styles.quantity}>{formatWanted(item, locale, t.units)}</span>
                <span className={styles.won}>{formatWon(item.cost, locale)}</span>
                {packs && <span className={styles.packs}>{packs}</span>}
              </label>
              {/* undefined: a pod of the previous version does not know aisles */}
              {item.aisle === null && <UnknownAisle item={item} onTold={() => onTold(item.ingredientId)} />}
            </li>
          );
        })}
      </ul>
    </>
  );
}
