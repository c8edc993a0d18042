import { useAtom } from "jotai";
import { useState } from "react";
import { Link } from "react-router";
import type { RecipeSummary } from "../../api/recipes";
import { maxRecipes } from "../../api/shopping";
import { Button } from "../../components/Button";
import { useTexts } from "../../i18n";
import { recipeTexts } from "../../i18n/recipe";
import styles from "./AddToList.module.css";
import { choiceAtom, choose, isFull } from "./choice";
import { useSyncedList } from "./useSyncedList";

export function AddToList({ recipe, servings }: { recipe: Pick<RecipeSummary, "id" | "title">; servings: number }) {
  const texts = useTexts(recipeTexts);
  const [choice, setChoice] = useAtom(choiceAtom);
  const [status, setStatus] = useState("");
  useSyncedList();
  const add = () => {
    if (isFull(choice, recipe.id)) {
      setStatus(texts.listFull(maxRecipes));
      return;
    }
    setChoice((before) => choose(before, { id: recipe.id, title: recipe.title, servings }));
    setStatus(texts.onList(servings));
  };
  return (
    <div className={styles.add}>
      <Button onClick={add}>{texts.addToList(servings)}</Button>
      <p role="status">{status}</p>
      {choice.some(({ id }) => id === recipe.id) && <Link to="/shopping-list">{texts.seeList}</Link>}
    </div>
  );
}
