import { useState } from "react";
import { Link, useParams } from "react-router";
import { ApiError } from "../api/problem";
import type { Recipe } from "../api/recipes";
import { Cost } from "../components/Cost";
import { ErrorNotice } from "../components/ErrorNotice";
import { IngredientTable } from "../components/IngredientTable";
import { Loading } from "../components/Loading";
import { DishArt } from "../dish/DishArt";
import { FavouriteButton } from "../features/favourites/FavouriteButton";
import { CostBreakdown } from "../features/recipes/CostBreakdown";
import { CostMovement } from "../features/recipes/CostMovement";
import { Method } from "../features/recipes/Method";
import { OwnerActions } from "../features/recipes/OwnerActions";
import { useRecipe } from "../features/recipes/queries";
import { scale } from "../features/recipes/scale";
import { ServingsSlider } from "../features/recipes/ServingsSlider";
import { AddToList } from "../features/shopping/AddToList";
import { useTexts, useTranslation } from "../i18n";
import { recipeTexts } from "../i18n/recipe";
import { useUser } from "../session/useSession";
import { NotFoundPage } from "./NotFoundPage";
import styles from "./RecipePage.module.css";

export function RecipePage() {
  const { id = "" } = useParams();
  const { t } = useTranslation();
  const { data: recipe, error, isPending, isFetching, refetch } = useRecipe(id);
  if (isPending) {
    return <Loading />;
  }
  if (recipe) {
    return <RecipeView key={recipe.id} recipe={recipe} />;
  }
  if (error instanceof ApiError && error.status === 404) {
    return <NotFoundPage what={t.error.recipeGone} />;
  }
  return (
    <div className={styles.failure}>
      <ErrorNotice wholePage error={error} busy={isFetching} onRetry={() => void refetch()} />
    </div>
  );
}

function RecipeView({ recipe }: { recipe: Recipe }) {
  const { t } = useTranslation();
  const [servings, setServings] = useState(recipe.servings);
  const { lines, total } = scale(recipe, servings);
  return (
    <article>
      <title>{`${recipe.title} · ${t.siteName}`}</title>
      <p className={styles.back}>
        <Link to="/">← {t.backToList}</Link>
      </p>
      <Intro recipe={recipe} />
      <div className={styles.columns}>
        <section aria-labelledby="ingredients">
          <h2 id="ingredients" className={styles.heading}>
            {t.ingredients}
          </h2>
          <ServingsSlider recipeServings={recipe.servings} servings={servings} onChange={setServings} />
          <IngredientTable lines={lines} servings={servings} total={total} />
          <AddToList recipe={recipe} servings={servings} />
        </section>
        <Method recipe={recipe} servings={servings} />
        <CostBreakdown lines={lines} />
        <CostMovement recipeId={recipe.id} />
      </div>
    </article>
  );
}

function Intro({ recipe }: { recipe: Recipe }) {
  const { t } = useTranslation();
  const texts = useTexts(recipeTexts);
  const user = useUser();
  return (
    <header className={styles.header}>
      <div className={styles.picture}>
        <DishArt title={recipe.title} />
      </div>
      <div className={styles.intro}>
        <div className={styles.titleRow}>
          <h1 className={styles.title}>{recipe.title}</h1>
          <FavouriteButton recipeId={recipe.id} title={recipe.title} />
        </div>
        <p className={styles.summary}>{recipe.summary}</p>
        <p className={styles.meta}>
          {t.minutes(recipe.cookMinutes)} · {t.servings(recipe.servings)}
          {recipe.author && ` · ${texts.author(recipe.author.name)}`}
        </p>
        {recipe.tags.length > 0 && (
          <p className={styles.tags}>
            {recipe.tags.map((tag) => (
              <Link key={tag} to={`/?${new URLSearchParams({ tag })}`}>
                #{tag}
              </Link>
            ))}
          </p>
        )}
        <div className={styles.cost}>
          <Cost won={recipe.costPerMeal} large />
          <p className={styles.meta}>{t.costHint(recipe.servings)}</p>
        </div>
        <p className={styles.jump}>
          <a href="#steps">
            {texts.toMethod} <span aria-hidden="true">↓</span>
          </a>
        </p>
        {user && user.id === recipe.authorId && <OwnerActions recipe={recipe} />}
      </div>
    </header>
  );
}
