import { useAtom } from "jotai";
import { Link } from "react-router";
import { maxRecipes } from "../../api/shopping";
import { useTexts, useTranslation } from "../../i18n";
import { shoppingTexts } from "../../i18n/shopping";
import { choiceAtom, choose, isFull, overflowAtom, type Chosen } from "./choice";
import styles from "./ShoppingList.module.css";

/** The recipes of this device that did not fit on the account's list; renders nothing if there are none. */
export function OverflowRecipes() {
  const { t } = useTranslation();
  const texts = useTexts(shoppingTexts);
  const [choice, setChoice] = useAtom(choiceAtom);
  const [overflow, setOverflow] = useAtom(overflowAtom);
  const drop = ({ id }: Chosen) => setOverflow((before) => before.filter((one) => one.id !== id));
  const put = (chosen: Chosen) => {
    setChoice((before) => choose(before, chosen));
    drop(chosen);
  };
  // A recipe may have been added to the list in the meantime.
  const waiting = overflow.filter(({ id }) => !choice.some((chosen) => chosen.id === id));
  if (waiting.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="left" className={styles.left}>
      <h2 id="left" className={styles.heading}>
        {texts.left}
      </h2>
      <p>{texts.leftHint(maxRecipes)}</p>
      <ul className={styles.rows}>
        {waiting.map((chosen) => (
          <li key={chosen.id} className={styles.chosen}>
            <Link className={styles.name} to={`/recipes/${chosen.id}`}>
              {chosen.title}
            </Link>
            <span className={styles.quantity}>{t.servings(chosen.servings)}</span>
            {!isFull(choice, chosen.id) && (
              <button type="button" className={styles.remove} aria-label={texts.putOf(chosen.title)} onClick={() => put(chosen)}>
                {texts.put}
              </button>
            )}
            <button type="button" className={styles.remove} aria-label={texts.takeOutOf(chosen.title)} onClick={() => drop(chosen)}>
              {texts.takeOut}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
