import type { FormEvent } from "react";
import { useNavigate } from "react-router";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import field from "../../components/Field.module.css";
import { useTexts, useTranslation } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import { checkDraft, draftOf, type Draft } from "./draft";
import { focusNextField } from "./focusNextField";
import { IngredientsEditor } from "./IngredientsEditor";
import { LiveCost } from "./LiveCost";
import { PasteRecipe } from "./paste/PasteRecipe";
import styles from "./RecipeForm.module.css";
import { SaveFailure } from "./SaveFailure";
import { StepsEditor } from "./StepsEditor";
import { useDraft, type Start } from "./useDraft";
import { useLiveLines } from "./useLiveLines";
import { useMarked } from "./useMarked";
import { useSaving } from "./useSaving";

interface Props {
  /** ID of the recipe, or "new". */
  id: string;
  userId: number;
  start: Start;
  /** The recipe was deleted; the draft can be saved as a new recipe. */
  gone?: boolean;
}

export function RecipeForm({ id, userId, start, gone = false }: Props) {
  const { t } = useTranslation();
  const texts = useTexts(editorTexts);
  const navigate = useNavigate();
  const { draft, version, restored, kept, sent, change, forget, startAgain } = useDraft(id, userId, start);
  const { form, marked, mark } = useMarked();
  const { asNew, busy, error, stillOpen, send, saveAgain, overwrite, takeTheirs } = useSaving({
    id,
    draft,
    version,
    gone,
    sent,
    onSaved: forget,
    onRefused: (details) => mark(Object.fromEntries(Object.entries(details).map(([control, detail]) => [control, texts.refused(detail)]))),
    onTheirs: (recipe) => startAgain({ draft: draftOf(recipe), version: recipe.version }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy && !mark(checkDraft(draft, texts, t))) {
      send();
    }
  };
  const discard = () => {
    startAgain(start);
    if (gone) {
      void navigate("/my-recipes", { replace: true });
    }
  };
  const text = (name: "title" | "summary" | "servings" | "cookMinutes" | "tags") => ({
    name,
    value: draft[name],
    error: marked[name],
    onChange: (value: string) => change({ [name]: value } satisfies Partial<Draft>),
  });
  const live = useLiveLines(draft);

  return (
    // The form handles keys of its fields.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form ref={form} className={styles.form} noValidate onKeyDown={focusNextField} onSubmit={submit}>
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
      <PasteRecipe draft={draft} onFill={change} />
      <div className={styles.section}>
        <Field {...text("title")} label={texts.title} longest={100} required />
        <Field {...text("summary")} label={texts.summary} longest={300} />
        <div className={styles.pair}>
          <Field {...text("servings")} label={texts.servings} inputMode="numeric" maxLength={3} required />
          <Field {...text("cookMinutes")} label={texts.cookMinutes} inputMode="numeric" maxLength={5} required />
        </div>
        <Field {...text("tags")} label={texts.tags} hint={texts.tagsHint} longest={200} />
      </div>
      <section className={styles.section} aria-labelledby="edit-ingredients">
        <h2 id="edit-ingredients" className={styles.heading}>
          {t.ingredients}
        </h2>
        <IngredientsEditor lines={draft.lines} costs={live.costs} errors={marked} onChange={(lines) => change({ lines })} />
        {marked["ingredients"] && <p role="alert">{marked["ingredients"]}</p>}
      </section>
      <LiveCost figures={live.figures} error={live.error} onRetry={live.retry} />
      <section className={styles.section} aria-labelledby="edit-steps">
        <h2 id="edit-steps" className={styles.heading}>
          {t.steps}
        </h2>
        <p className={field.hint}>{texts.stepsHint}</p>
        <StepsEditor steps={draft.steps} errors={marked} onChange={(steps) => change({ steps })} />
        {marked["steps"] && <p role="alert">{marked["steps"]}</p>}
      </section>
      <div role="alert">
        {error && (
          <SaveFailure
            error={error}
            stillOpen={stillOpen}
            marked={Object.keys(marked).length > 0}
            busy={busy}
            onSaveAgain={saveAgain}
            onOverwrite={overwrite}
            onTakeTheirs={takeTheirs}
          />
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
