import { Link, useParams } from "react-router";
import { ApiError } from "../api/problem";
import { useRecipe } from "../api/queries";
import type { Recipe } from "../api/types";
import { Cost } from "../components/Cost";
import { ErrorNotice } from "../components/ErrorNotice";
import { IngredientTable } from "../components/IngredientTable";
import { DishArt } from "../dish/DishArt";
import { useTranslation } from "../i18n";
import { NotFoundPage } from "./NotFoundPage";
import styles from "./RecipePage.module.css";

export function RecipePage() {
  const { id = "" } = useParams();
  const { t } = useTranslation();
  const { data: recipe, error, isPending, isFetching, refetch } = useRecipe(id);
  if (isPending) {
    return (
      <p className={styles.loading} role="status">
        {t.loading}
      </p>
    );
  }
  if (recipe) {
    return <RecipeView recipe={recipe} />;
  }
  if (error instanceof ApiError && error.status === 404) {
    return <NotFoundPage what={t.error.recipeGone} />;
  }
  return (
    <div className={styles.loading}>
      <ErrorNotice error={error} busy={isFetching} onRetry={() => void refetch()} />
    </div>
  );
}

function RecipeView({ recipe }: { recipe: Recipe }) {
  const { t } = useTranslation();
  return (
    <article>
      <title>{`${recipe.title} · ${t.siteName}`}</title>
      <p className={styles.back}>
        <Link to="/">← {t.backToList}</Link>
      </p>
      <header className={styles.header}>
        <div className={styles.picture}>
          <DishArt title={recipe.title} />
        </div>
        <div className={styles.intro}>
          <h1 className={styles.title}>{recipe.title}</h1>
          <p className={styles.summary}>{recipe.summary}</p>
          <p className={styles.meta}>
            {t.minutes(recipe.cookMinutes)} · {t.servings(recipe.servings)}
          </p>
          <div className={styles.cost}>
            <Cost won={recipe.costPerMeal} large />
            <p className={styles.meta}>{t.costHint(recipe.servings)}</p>
          </div>
        </div>
      </header>
      <div className={styles.columns}>
        <section aria-labelledby="ingredients">
          <h2 id="ingredients" className={styles.heading}>
            {t.ingredients}
          </h2>
          <IngredientTable ingredients={recipe.ingredients} servings={recipe.servings} />
        </section>
        <section aria-labelledby="steps">
          <h2 id="steps" className={styles.heading}>
            {t.steps}
          </h2>
          <ol className={styles.steps}>
            {recipe.steps.map((step) => (
              <li key={step} className={styles.step}>
                {step}
              </li>
            ))}
          </ol>
        </section>
      </div>
    </article>
  );
}
