import { NothingKept } from "../components/NothingKept";
import { useFavourites } from "../features/favourites/queries";
import { OwnRecipes } from "../features/recipes/OwnRecipes";
import { useTexts } from "../i18n";
import { favouritesTexts } from "../i18n/favourites";

export function FavouritesPage() {
  const texts = useTexts(favouritesTexts);
  return <OwnRecipes title={texts.title} query={useFavourites()} none={<NothingKept title={texts.none} hint={texts.noneHint} />} />;
}
