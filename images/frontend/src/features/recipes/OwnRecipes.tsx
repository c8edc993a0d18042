import { useTranslation } from "../../i18n";
import styles from "./OwnRecipes.module.css";
import { RecipeGrid } from "./RecipeGrid";

type Props = Parameters<typeof RecipeGrid>[0] & { title: string };

/** A page of the user's recipes: favourites, or own recipes. */
export function OwnRecipes({ title, ...grid }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <title>{`${title} · ${t.siteName}`}</title>
      <h1 className={styles.heading}>{title}</h1>
      <section aria-labelledby="own-recipes">
        <h2 id="own-recipes" className="visually-hidden">
          {t.recipes}
        </h2>
        <RecipeGrid {...grid} />
      </section>
    </>
  );
}
