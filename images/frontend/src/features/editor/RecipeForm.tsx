import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useNavigate } from "react-router";
import { useApi } from "../../api/context";
import { isGone } from "../../api/problem";
import { fetchRecipe } from "../../api/recipes";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { useTexts, useTranslation } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import { bodyOf, checkDraft, draftOf, quantityOf, servingsOf, type Draft } from "./draft";
import { LinesEditor } from "./LinesEditor";
import { LiveCost } from "./LiveCost";
import { useLiveCost, useSave } from "./queries";
import styles from "./RecipeForm.module.css";
import { SaveFailure } from "./SaveFailure";
import { StepsEditor } from "./StepsEditor";
import { forgetDraft } from "./storage";
import { useDraft, type Start } from "./useDraft";

interface Props {
  /** The recipe's, or "new". */
  id: string;
  userId: number;
  start: Start;
  /** Only the draft is left of it: it can become a new recipe. */
  gone?: boolean;
}

export function RecipeForm({ id, userId, start, gone = false }: Props) {
  const { t } = useTranslation();
  const texts = useTexts(editorTexts);
  const navigate = useNavigate();
  const api = useApi();
  const { draft, version, restored, kept, change, startAgain } = useDraft(id, userId, start);
  const [checked, setChecked] = useState<Record<string, string>>({});
  const save = useSave(id, (recipe) => {
    forgetDraft(id);
    void navigate(`/recipes/${recipe.id}`, { replace: true });
  });
  const [goneSince, setGoneSince] = useState(false);
  const asNew = gone || goneSince;
  const noteIfGone = (error: Error) => {
    if (isGone(error)) {
      setGoneSince(true);
    }
  };
  const send = (as: number | null) => save.mutate({ body: bodyOf(draft), version: asNew ? null : as }, { onError: noteIfGone });
  // After a conflict: what the recipe is now, asked for when the person has chosen.
  const current = useMutation({ mutationFn: () => fetchRecipe(api, id), onError: noteIfGone });
  const busy = save.isPending || current.isPending;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    const found = checkDraft(draft, texts);
    setChecked(found);
    const [firstWrong] = Object.keys(found);
    if (firstWrong === undefined) {
      current.reset();
      send(version);
      return;
    }
    const control = event.currentTarget.elements.namedItem(firstWrong);
    if (control instanceof HTMLElement) {
      control.focus();
    }
  };
  const overwrite = () => current.mutate(undefined, { onSuccess: (recipe) => send(recipe.version) });
  const takeTheirs = () =>
    current.mutate(undefined, {
      onSuccess: (recipe) => {
        startAgain({ draft: draftOf(recipe), version: recipe.version });
        save.reset();
      },
    });
  const discard = () => {
    startAgain(start);
    if (gone) {
      void navigate("/my-recipes", { replace: true });
    }
  };
  const text = (name: "title" | "summary" | "servings" | "cookMinutes" | "tags") => ({
    name,
    value: draft[name],
    error: checked[name],
    onChange: (value: string) => change({ [name]: value } satisfies Partial<Draft>),
  });
  const live = useLiveLines(draft);

  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      <h1>{version === null ? texts.newTitle : texts.editTitle}</h1>
      <div role="status">
        {gone && <p className={styles.notice}>{texts.gone}</p>}
        {restored && (
          <p className={styles.notice}>
            {texts.restored}
            <Button quiet onClick={discard}>
              {texts.discard}
            </Button>
          </p>
        )}
        {!kept && <p className={styles.notice}>{texts.notKept}</p>}
      </div>
      <div className={styles.section}>
        <Field {...text("title")} label={texts.title} maxLength={100} required />
        <Field {...text("summary")} label={texts.summary} maxLength={300} />
        <div className={styles.pair}>
          <Field {...text("servings")} label={texts.servings} inputMode="numeric" maxLength={3} required />
          <Field {...text("cookMinutes")} label={texts.cookMinutes} inputMode="numeric" maxLength={5} required />
        </div>
        <Field {...text("tags")} label={texts.tags} hint={texts.tagsHint} maxLength={200} />
      </div>
      <section className={styles.section} aria-labelledby="edit-ingredients">
        <h2 id="edit-ingredients" className={styles.heading}>
          {t.ingredients}
        </h2>
        <LinesEditor lines={draft.lines} costs={live.costs} errors={checked} onChange={(lines) => change({ lines })} />
        {checked["ingredients"] && <p role="alert">{checked["ingredients"]}</p>}
      </section>
      <LiveCost figures={live.figures} />
      <section className={styles.section} aria-labelledby="edit-steps">
        <h2 id="edit-steps" className={styles.heading}>
          {t.steps}
        </h2>
        <StepsEditor steps={draft.steps} errors={checked} onChange={(steps) => change({ steps })} />
        {checked["steps"] && <p role="alert">{checked["steps"]}</p>}
      </section>
      <div role="alert">
        {save.error && (
          <SaveFailure error={save.error} stillOpen={current.error} busy={busy} onOverwrite={overwrite} onTakeTheirs={takeTheirs} />
        )}
      </div>
      <div className={styles.actions}>
        <Button type="submit" busy={busy}>
          {asNew ? texts.saveAsNew : texts.save}
        </Button>
      </div>
    </form>
  );
}

/** What the complete lines cost; the others have no figure yet. */
function useLiveLines(draft: Draft) {
  const complete = draft.lines.flatMap((line) => {
    const quantity = quantityOf(line);
    return quantity ? [{ key: line.key, quantity }] : [];
  });
  const { data } = useLiveCost(
    servingsOf(draft),
    complete.map(({ quantity }) => quantity),
  );
  // Figures of a former set of lines would stand at the wrong ones.
  const fits = data?.lines.length === complete.length;
  const costs = new Map(fits ? complete.map(({ key }, place) => [key, data.lines[place]?.cost ?? 0]) : []);
  return { figures: complete.length > 0 ? data : undefined, costs };
}
