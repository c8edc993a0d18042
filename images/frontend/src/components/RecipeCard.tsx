import { Link } from "react-router";
import type { RecipeSummary } from "../api/recipes";
import { DishArt } from "../dish/DishArt";
import { FavouriteButton } from "../features/favourites/FavouriteButton";
import { useTranslation } from "../i18n";
import { Cost } from "./Cost";
import styles from "./RecipeCard.module.css";

export function RecipeCard({ recipe }: { recipe: RecipeSummary }) {
  const { t } = useTranslation();
  return (
    <article className={styles.card}>
      <div className={styles.picture}>
        <DishArt title={recipe.title} />
      </div>
      <div className={styles.body}>
        <h3 className={styles.title}>
          <Link className={styles.link} to={`/recipes/${recipe.id}`}>
            {recipe.title}
          </Link>
        </h3>
        <p className={styles.summary}>{recipe.summary}</p>
        {recipe.tags.length > 0 && <p className={`${styles.meta} ${styles.tags}`}>{recipe.tags.map((tag) => `#${tag}`).join(" ")}</p>}
        <div className={styles.facts}>
          <Cost won={recipe.costPerMeal} />
          <p className={styles.meta}>
            {t.minutes(recipe.cookMinutes)} · {t.servings(recipe.servings)}
          </p>
        </div>
      </div>
      <div className={styles.heart}>
        <FavouriteButton recipeId={recipe.id} title={recipe.title} />
      </div>
    </article>
  );
}

/** The card's placeholder while its content is loading. */
export function RecipeCardSkeleton() {
  return (
    <div className={`${styles.card} ${styles.skeleton}`} aria-hidden="true">
      <div className={styles.picture} />
      <div className={styles.body}>
        <span className={styles.bone} />
        <span className={styles.bone} />
      </div>
    </div>
  );
}
