import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import field from "../../components/Field.module.css";
import { limitInput } from "../../components/limitInput";
import { useTexts } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import { mostSteps, nextKey, type DraftStep } from "./draft";
import styles from "./RecipeForm.module.css";

interface Props {
  steps: DraftStep[];
  errors: Readonly<Record<string, string>>;
  onChange: (steps: DraftStep[]) => void;
}

const focus = (input: HTMLTextAreaElement | null) => input?.focus();

export function StepsEditor({ steps, errors, onChange }: Props) {
  const texts = useTexts(editorTexts);
  const add = useRef<HTMLButtonElement>(null);
  const [added, setAdded] = useState<number>();
  const addStep = () => {
    const step = { key: nextKey(steps), text: "" };
    setAdded(step.key);
    onChange([...steps, step]);
  };
  const raise = (place: number) => onChange([...steps.slice(0, place - 1), ...steps.slice(place - 1, place + 1).toReversed(), ...steps.slice(place + 1)]);
  return (
    <>
      <ol className={`${styles.rows} ${styles.steps}`}>
        {steps.map((step, place) => {
          const error = errors[`step-${step.key}`];
          const errorId = `step-${step.key}-error`;
          return (
            <li key={step.key} className={styles.step}>
              <textarea
                ref={step.key === added ? focus : null}
                className={field.input}
                name={`step-${step.key}`}
                aria-label={texts.stepNo(place + 1)}
                aria-invalid={error !== undefined}
                aria-describedby={error && errorId}
                rows={2}
                value={step.text}
                onChange={(event) => {
                  const text = limitInput(event.target, 1000, step.text);
                  onChange(steps.map((one) => (one === step ? { ...one, text } : one)));
                }}
              />
              {place > 0 && (
                <button type="button" className={styles.remove} aria-label={texts.raiseStep(place + 1)} onClick={() => raise(place)}>
                  {texts.raise}
                </button>
              )}
              <button
                type="button"
                className={styles.remove}
                aria-label={texts.removeStep(place + 1)}
                onClick={() => {
                  onChange(steps.filter((one) => one !== step));
                  add.current?.focus();
                }}
              >
                {texts.remove}
              </button>
              {error && (
                <p id={errorId} className={field.error}>
                  {error}
                </p>
              )}
            </li>
          );
        })}
      </ol>
      {steps.length < mostSteps && (
        <Button quiet ref={add} onClick={addStep}>
          {texts.addStep}
        </Button>
      )}
    </>
  );
}
