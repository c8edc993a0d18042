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

export function ShoppingItems({ list, isTicked, onTick }: Props) {
  const { locale } = useTranslation();
  const texts = useTexts(shoppingTexts);
  const { names } = useTexts(aislesTexts);
  const aisles = byAisle(list.items, names);
  const done = list.items.filter(isTicked).length;
  const [moved, setMovedId] = useMovedItem(list);
  return (
    <section aria-labelledby="to-buy">
      <h2 id="to-buy" className={styles.heading}>
        {texts.toBuy}
      </h2>
      <p className={styles.progress} role="status">
        {texts.progress(done, list.items.length)}
      </p>
      {aisles.map((aisle) => (
        <AisleItems key={aisle.name ?? ""} aisle={aisle} alone={aisles.length === 1} isTicked={isTicked} onTick={onTick} onSaved={setMovedId} />
      ))}
      <p className="visually-hidden" role="status">
        {moved && texts.movedTo(moved.name, names[moved.aisle ?? ""] ?? "")}
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

/** The item that moved to the aisle that was set last. It gets the focus, because the form that had it was removed. */
function useMovedItem(list: ShoppingList) {
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
  /** It is the only aisle of the list. Items without an aisle then need no heading. */
  alone: boolean;
  /** Called with an ingredient's id after its aisle was set. */
  onSaved: (ingredientId: number) => void;
}

function AisleItems({ aisle: { name, items }, alone, isTicked, onTick, onSaved }: AisleProps) {
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
              {item.aisle === null && <UnknownAisle item={item} onSaved={() => onSaved(item.ingredientId)} />}
            </li>
          );
        })}
      </ul>
    </>
  );
}
