import { EmptyList } from "../components/EmptyList";
import { OwnRecipes } from "../features/recipes/OwnRecipes";
import { useMyRecipes } from "../features/recipes/queries";
import { useTexts, useTranslation } from "../i18n";
import { myRecipesTexts } from "../i18n/myRecipes";

export function MyRecipesPage() {
  const { t } = useTranslation();
  const texts = useTexts(myRecipesTexts);
  const none = <EmptyList title={texts.none} hint={texts.noneHint} way={{ to: "/recipes/new", name: texts.writeFirst }} />;
  return <OwnRecipes title={t.myRecipes} query={useMyRecipes()} none={none} />;
}
