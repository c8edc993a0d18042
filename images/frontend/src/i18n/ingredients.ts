import { defineTexts } from "./texts";

/** Texts of the ingredient picker. */
export const ingredientsTexts = defineTexts({
  ko: {
    none: "그런 재료가 없어요.",
    suggestions: "재료 고르기",
    failed: "재료를 찾아보지 못했어요.",
  },
  en: {
    none: "There is no such ingredient.",
    suggestions: "Choose an ingredient",
    failed: "Ingredients could not be looked up.",
  },
});
