import { useEffect, useRef, useState } from "react";
import { explain } from "../../api/explain";
import type { Recipe } from "../../api/recipes";
import { Button, ButtonLink } from "../../components/Button";
import { useNavigateFromHere } from "../../components/useNavigateFromHere";
import { useTexts, useTranslation } from "../../i18n";
import { recipeTexts } from "../../i18n/recipe";
import styles from "./OwnerActions.module.css";
import { useDeleteRecipe } from "./queries";

/** For the recipe's author only. */
export function OwnerActions({ recipe }: { recipe: Pick<Recipe, "id"> }) {
  const { t } = useTranslation();
  const texts = useTexts(recipeTexts);
  const navigate = useNavigateFromHere();
  const [asking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  const { mutate: remove, isPending, error } = useDeleteRecipe(recipe.id, () => void navigate("/", { replace: true }));
  useEffect(() => {
    if (asking) {
      keep.current?.focus();
    }
  }, [asking]);
  if (!asking) {
    return (
      <div className={styles.actions}>
        <ButtonLink quiet to={`/recipes/${recipe.id}/edit`}>
          {texts.edit}
        </ButtonLink>
        <Button quiet onClick={() => setAsking(true)}>
          {texts.remove}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.actions} role="group" aria-labelledby="remove-sure">
      <p id="remove-sure">{texts.removeSure}</p>
      <Button quiet ref={keep} onClick={() => setAsking(false)}>
        {texts.keep}
      </Button>
      <Button busy={isPending} onClick={() => remove()}>
        {texts.removeYes}
      </Button>
      {error && <p role="alert">{explain(error, t)}</p>}
    </div>
  );
}
