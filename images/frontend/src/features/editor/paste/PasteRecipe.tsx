import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useApi } from "../../../api/context";
import { explain } from "../../../api/explain";
import { Button } from "../../../components/Button";
import field from "../../../components/Field.module.css";
import { useTexts, useTranslation } from "../../../i18n";
import { editorTexts } from "../../../i18n/editor";
import type { Draft } from "../draft";
import styles from "../RecipeForm.module.css";
import { fillDraft, type Filled } from "./fillDraft";
import { findIngredients } from "./findIngredients";
import { readRecipe } from "./readRecipe";

/** In UTF-16 units, of which a syllable in NFD has up to three: the API's limit is 50 lines and 30 steps of 1,000 characters. */
const longest = 120_000;

interface Props {
  draft: Draft;
  onFill: (draft: Draft) => void;
}

/** A text box for a whole recipe, which fills the form's title, ingredients and steps. */
export function PasteRecipe({ draft, onFill }: Props) {
  const { t } = useTranslation();
  const texts = useTexts(editorTexts);
  const api = useApi();
  const id = useId();
  const [text, setText] = useState("");
  const [filled, setFilled] = useState<Filled>();
  const [open, setOpen] = useState(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const read = readRecipe(text);
      const names = read.lines.map(({ name }) => name);
      return { read, found: await findIngredients(api, names, new AbortController().signal) };
    },
    networkMode: "always",
    // The draft of the latest rendering, so it has changes made during the search for ingredients.
    onSuccess: ({ read, found }) => {
      const next = fillDraft(draft, read, found);
      setFilled(next);
      setText(next.rest);
      onFill(next.draft);
    },
  });
  return (
    <details className={styles.paste} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.paste}</summary>
      {open && (
        <>
          <label className={field.label} htmlFor={id}>
            {texts.pasteLabel}
          </label>
          <textarea id={id} className={field.input} rows={8} maxLength={longest} readOnly={isPending} value={text} onChange={(event) => setText(event.target.value)} />
          <Button quiet busy={isPending || text.trim() === ""} onClick={() => mutate()}>
            {texts.divide}
          </Button>
          <div role="alert">
            {error && (
              <p>
                {texts.pasteFailed} {explain(error, t)}
              </p>
            )}
          </div>
          <p role="status">
            {filled && !isPending && !error && (
              <>
                {texts.pasted(filled.lines, filled.steps)} {filled.open > 0 && texts.pastedOpen(filled.open)} {filled.rest !== "" && texts.pastedRest}
              </>
            )}
          </p>
        </>
      )}
    </details>
  );
}
