import type { ShoppingItem } from "../../api/shopping";
import { useTexts } from "../../i18n";
import { aislesTexts } from "../../i18n/aisles";
import { AisleEditor } from "../prices/AisleEditor";
import styles from "./ShoppingList.module.css";

/** Asks for the aisle of an item that has none, inside the list. `onSaved` is called when the list has the aisle. */
export function UnknownAisle({ item, onSaved }: { item: ShoppingItem; onSaved: () => void }) {
  const texts = useTexts(aislesTexts);
  return (
    <details className={styles.unknown}>
      <summary>
        <span className="visually-hidden">{item.name}, </span>
        {texts.where}
      </summary>
      <AisleEditor ingredient={{ id: item.ingredientId, aisle: null }} onSaved={onSaved} />
    </details>
  );
}
