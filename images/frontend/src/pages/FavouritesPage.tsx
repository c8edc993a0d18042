import { EmptyList } from "../components/EmptyList";
import { useFavourites } from "../features/favourites/queries";
import { OwnRecipes } from "../features/recipes/OwnRecipes";
import { useTexts } from "../i18n";
import { favouritesTexts } from "../i18n/favourites";

export function FavouritesPage() {
  const texts = useTexts(favouritesTexts);
  return <OwnRecipes title={texts.title} query={useFavourites()} none={<EmptyList title={texts.none} hint={texts.noneHint} />} />;
}
