import { useId } from "react";
import { useTexts, useTranslation } from "../../i18n";
import { recipeTexts } from "../../i18n/recipe";
import styles from "./ServingsSlider.module.css";

interface Props {
  recipeServings: number;
  servings: number;
  onChange: (servings: number) => void;
}

export function ServingsSlider({ recipeServings, servings, onChange }: Props) {
  const { t } = useTranslation();
  const texts = useTexts(recipeTexts);
  const id = useId();
  return (
    <div className={styles.slider}>
      <label htmlFor={id}>{texts.wantedServings}</label>
      <input
        id={id}
        type="range"
        min={1}
        max={Math.max(12, recipeServings)}
        value={servings}
        aria-valuetext={t.servings(servings)}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <span className={styles.value}>{t.servings(servings)}</span>
    </div>
  );
}
