import { defineTexts } from "./texts";

export const favouritesTexts = defineTexts({
  ko: {
    title: "즐겨찾기",
    none: "아직 즐겨찾는 요리가 없어요.",
    noneHint: "마음에 드는 요리의 하트를 눌러 보세요.",
  },
  en: {
    title: "Favourites",
    none: "No favourites yet.",
    noneHint: "Press the heart of a recipe you like.",
  },
});
