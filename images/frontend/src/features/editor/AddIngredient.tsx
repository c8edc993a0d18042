import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { Ingredient } from "../../api/ingredients";
import { Button } from "../../components/Button";
import { useTexts, useTranslation } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import { NewIngredient } from "../prices/NewIngredient";
import styles from "./AddIngredient.module.css";

interface Props {
  name: string;
  onAdded: (ingredient: Ingredient) => void;
}

/** Adds a missing ingredient without leaving the recipe. */
export function AddIngredient(props: Props) {
  const texts = useTexts(editorTexts);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={styles.open} onClick={() => setOpen(true)}>
        {texts.addIt}
      </button>
      {/* Outside of the recipe's form, as a form of its own. */}
      {open && createPortal(<AddingDialog {...props} onClose={() => setOpen(false)} />, document.body)}
    </>
  );
}

function AddingDialog({ name, onAdded, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const texts = useTexts(editorTexts);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => show(dialog.current), []);
  const take = (ingredient: Ingredient) => {
    // Elements behind a modal dialog cannot have the focus.
    dialog.current?.close?.();
    onAdded(ingredient);
  };
  return (
    // React events would bubble to the recipe's form.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={texts.addIt}
      onClose={onClose}
      onSubmit={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <NewIngredient name={name} onAdded={take} />
      <Button quiet onClick={onClose}>
        {t.close}
      </Button>
    </dialog>
  );
}

/** In browsers without modal dialogs the content is below the page. */
function show(dialog: HTMLDialogElement | null): void {
  if (dialog && !dialog.open) {
    if ("showModal" in dialog) {
      dialog.showModal();
    } else {
      (dialog as HTMLElement).setAttribute("open", "");
    }
  }
}
