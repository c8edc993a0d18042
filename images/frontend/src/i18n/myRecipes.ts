import { defineTexts } from "./texts";

export const myRecipesTexts = defineTexts({
  ko: {
    none: "아직 적은 요리가 없어요.",
    noneHint: "나만의 요리를 적으면 한 끼 값을 셈해 드려요.",
    writeFirst: "첫 요리 적기",
  },
  en: {
    none: "You have written no recipes yet.",
    noneHint: "Write one of your own, and see what a meal of it costs.",
    writeFirst: "Write the first",
  },
});
