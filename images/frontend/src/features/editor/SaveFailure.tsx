import { Link, useLocation } from "react-router";
import { explain } from "../../api/explain";
import { ApiError, isGone } from "../../api/problem";
import { Button } from "../../components/Button";
import { useTexts, useTranslation } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import type { LoginState } from "../../session/loginState";
import { MayExist } from "./createOnce";
import styles from "./RecipeForm.module.css";

interface Props {
  error: unknown;
  /** Error of the last attempt to resolve a conflict; the conflict then remains. */
  stillOpen: unknown;
  /** Whether the errors are shown at the controls. */
  marked: boolean;
  busy: boolean;
  /** Creates the recipe although an earlier request may have created it. */
  onSaveAgain: () => void;
  onOverwrite: () => void;
  onTakeTheirs: () => void;
}

/** The reason why the draft was not saved, and the options. */
export function SaveFailure({ error, stillOpen, marked, busy, onSaveAgain, onOverwrite, onTakeTheirs }: Props) {
  const { t } = useTranslation();
  const texts = useTexts(editorTexts);
  const { pathname } = useLocation();
  const state: LoginState = { from: pathname };
  const status = error instanceof ApiError ? error.status : undefined;
  if (isGone(error) || isGone(stillOpen)) {
    return (
      <p className={styles.notice}>
        {texts.gone} {texts.kept}
      </p>
    );
  }
  if (error instanceof MayExist) {
    return (
      <div className={styles.notice}>
        <p>
          {texts.mayExist} {texts.kept}
        </p>
        <Link to="/my-recipes">{texts.toMyRecipes}</Link>
        <Button busy={busy} onClick={onSaveAgain}>
          {texts.saveAsNew}
        </Button>
      </div>
    );
  }
  if (status === 409) {
    return (
      <div className={styles.notice}>
        <p>{texts.changed}</p>
        {stillOpen !== null && <p>{explain(stillOpen, t)}</p>}
        <Button busy={busy} onClick={onOverwrite}>
          {texts.overwrite}
        </Button>
        <Button quiet busy={busy} onClick={onTakeTheirs}>
          {texts.takeTheirs}
        </Button>
      </div>
    );
  }
  if (status === 401) {
    return (
      <p className={styles.notice}>
        {texts.loginEnded} {texts.kept}
        <Link to="/login" state={state}>
          {texts.logInAgain}
        </Link>
      </p>
    );
  }
  const reason = marked ? texts.marked : explain(error, t);
  return (
    <p className={styles.notice}>
      {status === 403 ? texts.notYours : reason} {texts.kept}
    </p>
  );
}
