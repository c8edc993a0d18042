import { defineTexts } from "./texts";

/** Texts of the aisles of a shop. */
export const aislesTexts = defineTexts({
  ko: {
    aisle: "매장 코너",
    where: "어느 코너에 있나요?",
    unknown: "잘 모르겠어요",
    none: "그 밖에",
    hint: "장보기 목록이 매장을 도는 순서로 놓여요.",
    save: "코너 알리기",
    saved: "고마워요. 코너를 적었어요.",
    logInToSave: "로그인하고 코너 알리기",
    /** By the API's names. Items of an aisle that is missing here are shown with items without an aisle. */
    names: {
      vegetables: "채소·버섯",
      fruit: "과일",
      meat: "정육",
      seafood: "수산·건어물",
      dairy: "달걀·유제품",
      chilled: "두부·김치·냉장",
      grains: "쌀·잡곡",
      packaged: "면·가루·통조림",
      seasonings: "양념·기름",
      bakery: "빵",
      drinks: "음료·간식",
      frozen: "냉동식품",
    } as Record<string, string>,
  },
  en: {
    aisle: "Aisle of the shop",
    where: "Where is it in a shop?",
    unknown: "I don’t know",
    none: "Everything else",
    hint: "Shopping lists follow the way through a shop.",
    save: "Save the aisle",
    saved: "Thank you. The aisle is saved.",
    logInToSave: "Log in to save the aisle",
    names: {
      vegetables: "Vegetables",
      fruit: "Fruit",
      meat: "Meat",
      seafood: "Fish and seafood",
      dairy: "Eggs and dairy",
      chilled: "Tofu, kimchi, chilled food",
      grains: "Rice and grains",
      packaged: "Noodles, flour, cans",
      seasonings: "Seasonings and oil",
      bakery: "Bread",
      drinks: "Drinks and snacks",
      frozen: "Frozen food",
    },
  },
});
