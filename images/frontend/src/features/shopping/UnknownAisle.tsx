import type { ShoppingItem } from "../../api/shopping";
import { useTexts } from "../../i18n";
import { aislesTexts } from "../../i18n/aisles";
import { TellAisle } from "../prices/TellAisle";
import styles from "./ShoppingList.module.css";

/** Asks for the aisle of an item that has none, without leaving the list. `onTold` is called when the list has followed. */
export function UnknownAisle({ item, onTold }: { item: ShoppingItem; onTold: () => void }) {
  const texts = useTexts(aislesTexts);
  return (
    <details className={styles.unknown}>
      <summary>
        <span className="visually-hidden">{item.name}, </span>
        {texts.where}
      </summary>
      <TellAisle ingredient={{ id: item.ingredientId, aisle: null }} onTold={onTold} />
    </details>
  );
}
