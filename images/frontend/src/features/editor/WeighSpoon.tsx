import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { noteTablespoon } from "../../api/ingredients";
import { refresh } from "../../api/refresh";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { numberOf } from "../../components/numbers";
import { useTexts, useTranslation } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import { wrongNumber } from "../../i18n/wrongNumber";
import { hasThreeDecimals } from "../prices/checks";
import { ingredients } from "../prices/queries";
import styles from "./RecipeForm.module.css";

interface Props {
  name: string;
  ingredient: { id: number; name: string };
  error: string | undefined;
  /** Weight of a tablespoon in g: entered now, or already known. */
  onKnown: (grams: number) => void;
}

/** Asks for the weight of a tablespoon, which quantities in spoons need if the ingredient is sold by weight. */
export function WeighSpoon({ name, ingredient, error, onKnown }: Props) {
  const { t } = useTranslation();
  const texts = useTexts(editorTexts);
  const api = useApi();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState<string>();
  const { mutate, isPending, error: failure } = useMutation({
    mutationFn: (grams: number) => noteTablespoon(api, ingredient.id, grams),
    networkMode: "always",
    onSuccess: (grams) => {
      onKnown(grams);
      void refresh(queryClient, [ingredients]);
    },
  });
  const send = () => {
    const grams = numberOf(typed);
    const fits = hasThreeDecimals(grams) && grams >= 1 && grams <= 60;
    setWrong(fits ? undefined : wrongNumber(typed, texts.wrong.weight, t, 3));
    if (fits && !isPending) {
      mutate(grams);
    }
  };
  return (
    <div className={styles.weigh}>
      <Field
        name={name}
        label={texts.weighSpoon(ingredient.name)}
        hint={texts.weighHint}
        error={wrong ?? error}
        autoComplete="off"
        maxLength={16}
        value={typed}
        onChange={setTyped}
        onKeyDown={(event) => {
          // Submits only this form, not the recipe.
          if (event.key === "Enter" && !event.nativeEvent.isComposing) {
            event.preventDefault();
            send();
          }
        }}
      />
      <Button quiet busy={isPending} onClick={send}>
        {texts.noteWeight}
      </Button>
      <div role="alert">{failure && <p>{explain(failure, t)}</p>}</div>
    </div>
  );
}
