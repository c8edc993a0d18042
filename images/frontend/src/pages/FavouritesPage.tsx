import { NothingKept } from "../components/NothingKept";
import { useFavourites } from "../features/favourites/queries";
import { RecipeGrid } from "../features/recipes/RecipeGrid";
import { useTexts, useTranslation } from "../i18n";
import { favouritesTexts } from "../i18n/favourites";
import styles from "./FavouritesPage.module.css";

export function FavouritesPage() {
  const { t } = useTranslation();
  const texts = useTexts(favouritesTexts);
  const query = useFavourites();
  return (
    <>
      <title>{`${texts.title} · ${t.siteName}`}</title>
      <h1 className={styles.heading}>{texts.title}</h1>
      <section aria-labelledby="favourites">
        <h2 id="favourites" className="visually-hidden">
          {t.recipes}
        </h2>
        <RecipeGrid query={query} none={<NothingKept title={texts.none} hint={texts.noneHint} />} />
      </section>
    </>
  );
}
