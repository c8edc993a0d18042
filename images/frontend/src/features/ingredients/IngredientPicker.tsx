import { useId, useState, type KeyboardEvent, type ReactNode, type Ref } from "react";
import type { Ingredient } from "../../api/ingredients";
import { FailureNote } from "../../components/FailureNote";
import field from "../../components/Field.module.css";
import { isSameName, isUnfinished } from "../../components/hangul";
import { limitInput } from "../../components/limitInput";
import { oneLine } from "../../components/oneLine";
import { useComposing } from "../../components/useComposing";
import { useTexts } from "../../i18n";
import { ingredientsTexts } from "../../i18n/ingredients";
import styles from "./IngredientPicker.module.css";
import { useSuggestions } from "./useSuggestions";

interface Props {
  name?: string;
  /** The accessible name; unnecessary with an `id`, to which a <label> refers. */
  label?: string;
  id?: string;
  placeholder?: string;
  ref?: Ref<HTMLInputElement>;
  className?: string | undefined;
  typed: string;
  /** Whether an ingredient was chosen; otherwise the input has only typed text. */
  chosen: boolean;
  error?: string | undefined;
  /** Shown if the search finds no ingredient, such as a button to add one. */
  emptyAction?: ReactNode;
  onType: (typed: string) => void;
  onPick: (ingredient: Ingredient) => void;
}

/** A combobox (ARIA pattern): typing searches, arrow keys move the selection, Enter accepts it, Escape closes the list. */
export function IngredientPicker({ name, label, id: inputId, placeholder, ref, className = field.input, typed, chosen, error, emptyAction, onType, onPick }: Props) {
  const texts = useTexts(ingredientsTexts);
  const id = useId();
  const { composing, handlers } = useComposing();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const { data: found = [], error: failure, isPlaceholderData, isSuccess, refetch } = useSuggestions(typed, !chosen);
  const listed = open && found.length > 0;
  const optionId = (place: number) => `${id}-option-${place}`;

  const pick = (ingredient: Ingredient) => {
    onPick(ingredient);
    setOpen(false);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The input method uses the keys while a syllable is composed.
    if (event.nativeEvent.isComposing) {
      return;
    }
    const option = found[active];
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length > 0) {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive(active < 0 && step < 0 ? found.length - 1 : (active + step + found.length) % found.length);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      if (option) {
        pick(option);
      }
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      setOpen(false);
      setActive(-1);
    }
  };
  const onBlur = () => {
    setOpen(false);
    setActive(-1);
    const same = found.find(({ name: one, aliases = [] }) => [one, ...aliases].some((known) => isSameName(known, typed)));
    if (same && open) {
      onPick(same);
    }
  };

  return (
    <div className={styles.picker}>
      <input
        ref={ref}
        id={inputId ?? `${id}-input`}
        name={name}
        className={className}
        role="combobox"
        aria-label={label}
        placeholder={placeholder}
        aria-expanded={listed}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={listed && active >= 0 ? optionId(active) : undefined}
        aria-invalid={error !== undefined}
        aria-describedby={error && `${id}-error`}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setOpen(true);
          setActive(-1);
          onType(limitInput(event.target, 50, typed));
        }}
        onFocus={() => setOpen(!chosen && oneLine(typed) !== "")}
        {...handlers}
        onKeyDown={onKeyDown}
        onBlur={onBlur}
      />
      <div id={`${id}-list`} className={styles.list} role="listbox" aria-label={texts.suggestions} hidden={!listed}>
        {found.map((ingredient, place) => (
          // The input, which keeps the focus, handles the keyboard.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={ingredient.id}
            id={optionId(place)}
            className={styles.option}
            role="option"
            tabIndex={-1}
            aria-selected={place === active}
            // A click must not move the focus: onBlur would close the list first.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(ingredient)}
          >
            {ingredient.name}
            {ingredient.aliases && ingredient.aliases.length > 0 && <span className={styles.aliases}> {ingredient.aliases.join(", ")}</span>}
          </div>
        ))}
      </div>
      {!chosen && failure && <FailureNote what={texts.failed} error={failure} onRetry={() => void refetch()} />}
      {!chosen && !composing && !isUnfinished(typed) && oneLine(typed) !== "" && isSuccess && !isPlaceholderData && found.length === 0 && (
        <p className={field.hint}>
          {texts.none} {emptyAction}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={field.error}>
          {error}
        </p>
      )}
    </div>
  );
}
