import type { Recipe } from "../../api/recipes";
import { Button } from "../../components/Button";
import { useTexts, useTranslation } from "../../i18n";
import { recipeTexts } from "../../i18n/recipe";
import styles from "./Method.module.css";
import { scaleText, sectionsOf, type Part } from "./steps";
import { useTickedSteps } from "./tickedSteps";

/** The steps: each can be ticked, and its quantities are scaled to the servings. */
export function Method({ recipe, servings }: { recipe: Recipe; servings: number }) {
  const { locale, t } = useTranslation();
  const texts = useTexts(recipeTexts);
  const { done, tick, startOver } = useTickedSteps(recipe);
  const names = recipe.ingredients.map(({ name }) => name);
  const sections = sectionsOf(recipe.steps).map(({ title, steps }, place) => ({
    key: `${place} ${title}`,
    title,
    steps: steps.map(({ number, text }) => ({ number, parts: keyed(scaleText(text, servings / recipe.servings, names, locale)) })),
  }));
  const isScaled = sections.some(({ steps }) => steps.some(({ parts }) => parts.some(({ scaled }) => scaled)));
  return (
    <section className={styles.method} aria-labelledby="steps">
      <h2 id="steps" className={styles.heading} tabIndex={-1}>
        {t.steps}
      </h2>
      <p className={styles.note} role="status">
        {isScaled && texts.scaled(servings)}
      </p>
      {sections.map(({ key, title, steps }) => (
        <div key={key}>
          {title && <h3 className={styles.title}>{title}</h3>}
          <ol className={styles.steps}>
            {steps.map(({ number, parts }) => (
              <li key={number}>
                <label className={styles.step}>
                  <input type="checkbox" className={styles.tick} checked={done.has(number)} onChange={() => tick(number)} />
                  <span className={styles.text}>{parts.map((part) => (part.scaled ? <b key={part.key}>{part.text}</b> : part.text))}</span>
                </label>
              </li>
            ))}
          </ol>
        </div>
      ))}
      {done.size > 0 && (
        <Button quiet onClick={startOver}>
          {texts.startOver}
        </Button>
      )}
    </section>
  );
}

const keyed = (parts: Part[]) => parts.map((part, place) => ({ ...part, key: place }));
