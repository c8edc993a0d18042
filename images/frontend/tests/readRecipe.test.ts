import { expect, test } from "vitest";
import { readLine } from "../src/features/editor/paste/readLine";
import { readRecipe } from "../src/features/editor/paste/readRecipe";

test.each([
  ["두부 150g", "두부", "150", "g"],
  ["간장 501 2큰술", "간장 501", "2", "tbsp"],
  ["비타민 B12 1 1/2 큰술", "비타민 B12", "1.5", "tbsp"],
  ["콩가루 1718b64c 2큰술", "콩가루 1718b64c", "2", "tbsp"],
  ["프로틴 X5g 300g", "프로틴 X5g", "300", "g"],
  ["butter100g", "butter", "100", "g"],
  ["오메가3: 약간", "오메가3", "", "little"],
  ["1 1/2컵 물", "물", "1.5", "cup"],
  ["1 1/2 tbsp soy sauce", "soy sauce", "1.5", "tbsp"],
  ["- 두부 1/2모 (150 g)", "두부", "150", "g"],
  ["• 간장 1.5큰술", "간장", "1.5", "tbsp"],
  ["간장: 2T", "간장", "2", "tbsp"],
  ["참기름 1t", "참기름", "1", "tsp"],
  ["간장 한 큰술", "간장", "1", "tbsp"],
  ["설탕 1큰술 반", "설탕", "1.5", "tbsp"],
  ["설탕 ½ 작은술", "설탕", "0.5", "tsp"],
  ["물 1 1/2컵", "물", "1.5", "cup"],
  ["물 1,200ml", "물", "1200", "ml"],
  ["육수 500cc", "육수", "500", "ml"],
  ["달걀 2개", "달걀", "2", "piece"],
  ["달걀 2", "달걀", "2", "piece"],
  ["고추장 2~3 큰술", "고추장", "2", "tbsp"],
  ["다진 마늘 1 숟가락", "다진 마늘", "1", "tbsp"],
  ["소금 약간", "소금", "", "little"],
  ["약간의 후추", "후추", "", "little"],
  ["통깨 적당량", "통깨", "", "little"],
  ["소금 1꼬집", "소금", "", "little"],
  ["국간장 1+1/2큰술", "국간장", "1.5", "tbsp"],
  ["국간장 1과 1/2큰술", "국간장", "1.5", "tbsp"],
  ["국간장 1과½ 큰술", "국간장", "1.5", "tbsp"],
  ["멸치육수 2와 1/2컵", "멸치육수", "2.5", "cup"],
  ["기와 1/2컵", "기와", "0.5", "cup"],
  ["1  + 1/2컵 물", "물", "1.5", "cup"],
  ["1\u00a0and\u00a01/2 cups rice", "rice", "1.5", "cup"],
  ["1/2–1 cup rice", "rice", "0.5", "cup"],
  ["1½-2 cups flour", "flour", "1.5", "cup"],
  ["간장 2～3큰술", "간장", "2", "tbsp"],
  ["간장 2∼3큰술", "간장", "2", "tbsp"],
  ["1 and 1/2 cups rice", "rice", "1.5", "cup"],
  ["설탕1스푼", "설탕", "1", "tbsp"],
  ["물 500㎖", "물", "500", "ml"],
  ["돼지고기 1.5 ㎏", "돼지고기", "1.5", "kg"],
  ["물 2ℓ", "물", "2", "l"],
  ["소금 - 약간", "소금", "", "little"],
  ["소금 …… 약간", "소금", "", "little"],
  ["소고기 1근", "소고기", "", ""],
  ["참기름 한 방울", "참기름", "", ""],
  ["물 두 컵", "물", "2", "cup"],
  ["감자 1개(150g)", "감자", "150", "g"],
  ["1 tablespoon gochugaru (Korean chili flakes)", "gochugaru", "1", "tbsp"],
  ["대파 1대", "대파", "", ""],
  ["두부", "두부", "", ""],
  ["설탕　１큰술", "설탕", "1", "tbsp"],
  ["간장 １／２Ｔ", "간장", "0.5", "tbsp"],
  ["물 １，２００ｍｌ", "물", "1200", "ml"],
  ["1¹⁄₂ cups flour", "flour", "1.5", "cup"],
  ["설탕 ³⁄₄컵", "설탕", "0.75", "cup"],
  ["두부 | 150g", "두부", "150", "g"],
  ["간장 …… 2큰술", "간장", "2", "tbsp"],
  ["간장 ... 2큰술", "간장", "2", "tbsp"],
  ["두부 – 150 g", "두부", "150", "g"],
  ["A-1 소스 2큰술", "A-1 소스", "2", "tbsp"],
  ["2 tbsp of soy sauce", "soy sauce", "2", "tbsp"],
  ["1/2 cup rice", "rice", "0.5", "cup"],
  ["300 g tofu", "tofu", "300", "g"],
  ["2–3 cloves garlic", "garlic", "", ""],
  ["2–3 tbsp soy sauce", "soy sauce", "2", "tbsp"],
  ["2 eggs", "eggs", "2", "piece"],
  ["Salt to taste", "Salt", "", "little"],
  ["8 oz tofu", "tofu", "", ""],
  ["1 to 2 tsp sugar", "sugar", "1", "tsp"],
  ["1 or 2 eggs", "eggs", "1", "piece"],
  ["2-3 eggs", "eggs", "2", "piece"],
  ["간장 2에서 3큰술", "간장", "2", "tbsp"],
  ["간장 2큰술~3큰술", "간장", "2", "tbsp"],
  ["물 500ml~1l", "물", "500", "ml"],
  ["2 Tbs soy sauce", "soy sauce", "2", "tbsp"],
  ["2 TB soy sauce", "soy sauce", "2", "tbsp"],
  ["2 TABLESPOONS soy sauce", "soy sauce", "2", "tbsp"],
  ["1 1/2 c flour", "flour", "1.5", "cup"],
  ["a cup of rice", "rice", "1", "cup"],
  ["Two tablespoons sugar", "sugar", "2", "tbsp"],
  ["half a cup of sugar", "sugar", "0.5", "cup"],
  ["간장 큰술 2", "간장", "2", "tbsp"],
  ["간장(큰술) 2", "간장", "2", "tbsp"],
  ["비타민 C 2", "비타민 C", "2", "piece"],
  ["간장 2큰술 1작은술", "간장", "", ""],
  ["간장 2큰술+1작은술", "간장", "", ""],
  ["간장 2큰술과 1작은술", "간장", "", ""],
  ["1 kg 200 g beef", "beef", "", ""],
  ["2 tbsp plus 1 tsp sugar", "sugar", "", ""],
  ["두부 200g x 2", "두부", "", ""],
  ["두부 150g 간장 2큰술", "두부", "", ""],
  ["참깨 1큰술 넉넉히", "참깨", "1", "tbsp"],
  ["소금 (약간)", "소금", "", "little"],
  ["물 200 mL", "물", "200", "ml"],
  ["1½ lb. beef", "beef", "", ""],
  ["감자 1개 150g", "감자", "150", "g"],
  ["간장 약 2큰술", "간장", "2", "tbsp"],
  ["보약 2큰술", "보약", "2", "tbsp"],
  ["about 2 cups water", "water", "2", "cup"],
  ["200g/7oz beef", "beef", "200", "g"],
  ["7oz/200g beef", "beef", "200", "g"],
  ["7 oz / 200 g beef", "beef", "200", "g"],
  ["1 cup or 240 ml milk", "milk", "1", "cup"],
  ["물 종이컵 2컵", "물", "2", "cup"],
  ["물 종이컵으로 2컵", "물", "2", "cup"],
  ["간장 밥숟가락으로 2숟가락", "간장", "2", "tbsp"],
  ["두부 1모 [300g]", "두부", "300", "g"],
  ["두부 1모 【300g】", "두부", "300", "g"],
  ["두부 1모［300g］", "두부", "300", "g"],
  ["우유 200밀리", "우유", "200", "ml"],
  ["간장 1밥술", "간장", "1", "tbsp"],
  ["간장 2큰술씩", "간장", "2", "tbsp"],
  ["간장 2큰술 정도", "간장", "2", "tbsp"],
  ["간장 2큰술정도", "간장", "2", "tbsp"],
  ["간장 여섯 큰술", "간장", "6", "tbsp"],
  ["간장 두세 큰술", "간장", "2", "tbsp"],
  ["한 큰술 간장", "간장", "1", "tbsp"],
  ["소금 약간만", "소금", "", "little"],
  ["참기름 넉넉히", "참기름", "", "little"],
  ["후추 취향에 따라", "후추", "", "little"],
  ["Sesame seeds for garnish", "Sesame seeds", "", "little"],
  ["Salt, as required", "Salt", "", "little"],
  ["간장 2\u200b큰술", "간장", "2", "tbsp"],
  ["간장\u31642큰술", "간장", "2", "tbsp"],
  ["두부 1모(300g)".normalize("NFD"), "두부", "300", "g"],
])("%s", (typed, name, quantity, unit) => {
  expect(readLine(typed)).toMatchObject({ name, quantity, unit });
});

test("a recipe with headings", () => {
  const text = `★ 두부김치 ★
술안주로 좋은 두부김치예요.
2인분 · 30분

[재료] (2인분)
- 신김치 300g
- 두부 1모(300g)
- 돼지고기 앞다리살 200 g

[양념]
고춧가루 1큰술, 간장 1T, 설탕 1/2 작은술
소금, 후추 약간

[만드는 법]
1. 두부를 데친다.
   너무 오래 데치지 않는다.
2) 김치와 고기를 볶는다.
③ 함께 담는다.`;
  const recipe = readRecipe(text);
  expect(recipe).toMatchObject({ title: "두부김치 ★", summary: "술안주로 좋은 두부김치예요.", servings: "2", cookMinutes: "30" });
  expect(recipe.lines.map(({ name, quantity, unit }) => `${name}|${quantity}|${unit}`)).toEqual([
    "신김치|300|g",
    "두부|300|g",
    "돼지고기 앞다리살|200|g",
    "고춧가루|1|tbsp",
    "간장|1|tbsp",
    "설탕|0.5|tsp",
    "소금||little",
    "후추||little",
  ]);
  expect(recipe.steps).toEqual(["두부를 데친다.\n너무 오래 데치지 않는다.", "김치와 고기를 볶는다.", "함께 담는다."]);
});

test("a recipe without headings, and one in English", () => {
  const bare = readRecipe("계란찜\n달걀 4개\n물 1컵\n소금 조금\n달걀을 풀고 물과 소금을 넣어요.\n\n중불에서 10분 쪄요.");
  expect([bare.title, bare.lines.map(({ text }) => text), bare.steps]).toEqual([
    "계란찜",
    ["달걀 4개", "물 1컵", "소금 조금"],
    ["달걀을 풀고 물과 소금을 넣어요.", "중불에서 10분 쪄요."],
  ]);
  const english = readRecipe(
    "Fried rice\nServes 3\nCook time: 1 hour 15 minutes\n\nIngredients:\n2 cups cooked rice\n300 g tofu, diced\n2 eggs\nsalt and pepper\n\nMethod\n1. Fry the tofu. 2. Add the rice and the eggs.",
  );
  expect(english).toMatchObject({ title: "Fried rice", servings: "3", cookMinutes: "75", steps: ["Fry the tofu.", "Add the rice and the eggs."] });
  expect(english.lines.map(({ name, quantity, unit }) => [name, quantity, unit])).toEqual([
    ["cooked rice", "2", "cup"],
    ["tofu", "300", "g"],
    ["eggs", "2", "piece"],
    ["salt and pepper", "", ""],
  ]);
});

test("an inline list after its heading, and steps without numbers", () => {
  const recipe = readRecipe("오이무침\n재료: 오이 2개, 고춧가루 1큰술, 식초 1,000ml\n만드는 법\n오이를 썬다\n모두 무친다");
  expect(recipe.lines.map(({ name, quantity, unit }) => `${name}|${quantity}|${unit}`)).toEqual(["오이|2|piece", "고춧가루|1|tbsp", "식초|1000|ml"]);
  expect(recipe.steps).toEqual(["오이를 썬다", "모두 무친다"]);
});

test("step numbers on separate lines, and servings and times among other words", () => {
  const recipe = readRecipe("묵은지 김치찜\n4인분 60분 이내 초급\n[재료]\n돼지고기300g\n조리순서\nStep 1\n고기를 썰어주세요\nStep 2\n30분 끓여주세요.\n더 끓여도 돼요.");
  expect(recipe).toMatchObject({ servings: "4", cookMinutes: "60", summary: "4인분 60분 이내 초급" });
  expect(recipe.steps).toEqual(["고기를 썰어주세요", "30분 끓여주세요.\n더 끓여도 돼요."]);
  expect(readRecipe("Soup\nIngredients\nSalt and pepper, to taste").lines.map(({ name, unit }) => [name, unit])).toEqual([
    ["Salt", "little"],
    ["pepper", "little"],
  ]);
});

test("the cells and the labels of recipe sites", () => {
  const korean = readRecipe("김치찌개\n2인분\n30분 이내\n초급\n재료\n돼지고기\n300g\n구매\n소금\n약간\n구매\n조리순서\n1\n볶는다.");
  expect([korean.servings, korean.cookMinutes, korean.summary, ...korean.steps]).toEqual(["2", "30", "초급", "볶는다."]);
  expect(korean.lines.map(({ name, quantity, unit }) => `${name}|${quantity}|${unit}`)).toEqual(["돼지고기|300|g", "소금||little"]);
  expect(readRecipe("Soup\nServes: 4\nIngredients\n300 g tofu").servings).toBe("4");
});

test("a title may end with a number, and may look like an ingredient if the list has a heading", () => {
  expect(readRecipe("감자전 2\n감자 3개\n부쳐요.")).toMatchObject({ title: "감자전 2", steps: ["부쳐요."] });
  expect(readRecipe("두부 한 모 요리 1개\n남은 두부 100g 쓰기\n재료\n두부 1모")).toMatchObject({ title: "두부 한 모 요리 1개", summary: "남은 두부 100g 쓰기" });
  const bare = readRecipe("두부 300g\n간장 1큰술");
  expect([bare.title, bare.lines.length]).toEqual(["", 2]);
});

/** The parts of a text that are in no field, without labels, marks and spaces. */
const lost = (text: string, labels: RegExp): string[] => {
  const { title, summary, servings, cookMinutes, lines, steps } = readRecipe(text);
  const kept = [title, summary, servings, cookMinutes, ...lines.map((line) => line.text), ...steps].join("\n").normalize("NFC");
  const plain = (part: string) => part.replaceAll(/[^\p{L}\p{N}]/gu, "");
  return text
    .normalize("NFC")
    .split(/[\n,()[\]:|/]/u)
    .map((part) => plain(part.replace(labels, "")))
    .filter((part) => !plain(kept).includes(part));
};
const ownLabels = /^\s*(?:재료|양념장|양념|만드는 법|양|Ingredients|Method|For the sauce|\d\.|\d(?= \D))|인분(?: 기준)?|Total | minutes/gu;

test.each([
  "어머니의 국\n이건 그냥 하는 말이에요.\n그리고 한 마디 더 있어요.\n무 반 개\n모르는 것 세 움큼\n물을 끓여요.\n\n참고\n간은 나중에 맞춰요.",
  "비빔국수\n재료\n소면 200g\n양념장(고추장 2큰술, 식초 1큰술)\n만드는 법\n비빈다.",
  "두부국\n재료(두부 150g, 물 1컵)\n만드는 법(10분 불린 콩 사용)\n끓인다.",
  "두부국\n재료 [두부 150g, 물 1컵]\n만드는 법: (콩은 불린다)\n끓인다.",
  "두부국\n재료 (밥숟가락 계량, 2인분)\n두부 150g\n만드는 법 (쉬움)\n끓인다.",
  "두부국\n재료 - 두부 150g, 물 1컵\n만드는 법 - 끓인다.",
  "국수\n재료 멸치 50g\n국수 100g\n만드는 법 끓인다.\n먹는다.",
  "국수\n2인분\n4인분 기준\n재료\n국수 100g\n만드는 법\n끓인다.",
  "Soup\nPrep 10 minutes\nCook 25 minutes\nTotal 35 minutes\nIngredients\n1 cup rice\nMethod\nBoil.",
  "떡볶이\n\n떡 300g\n어묵 2장\n물 400ml\n\n양념\n고추장 2T\n\n1. 끓인다.",
  "계란찜\n달걀 4개\n물 1컵\n달걀을 푼다\n10분 찐다",
  "| 재료 | 양 |\n|---|---|\n| 두부 | 150g |\n| 물 | 1컵 |\n\n끓인다.",
  "두부전\n재료\n두부 1모\n만드는 법\n1 두부를 썬다\n2 부친다\n3 담는다",
])("every pasted line is in the result: %j", (text) => {
  expect(lost(text, ownLabels)).toEqual([]);
  expect(lost(text.normalize("NFD"), ownLabels)).toEqual([]);
});

test("a long step is divided, and invisible text is no recipe", () => {
  const long = readRecipe(`국\n만드는 법\n${"물을 오래 끓여요. ".repeat(300)}`);
  expect(long.steps.every((step) => step.length <= 1000)).toBe(true);
  expect(long.steps.join(" ").match(/끓여요/gu)).toHaveLength(300);
  expect(readRecipe(" \n\t ")).toEqual({ title: "", summary: "", servings: "", cookMinutes: "", lines: [], steps: [] });
});

const linesOf = (text: string) => readRecipe(text).lines.map(({ name, quantity, unit }) => `${name}|${quantity}|${unit}`);

test.each([
  ["양념장(고추장 2큰술, 식초 1큰술)", ["소면|200|g", "고추장|2|tbsp", "식초|1|tbsp"]],
  ["양념장 [고추장 2큰술, 식초 1큰술]", ["소면|200|g", "고추장|2|tbsp", "식초|1|tbsp"]],
  ["[양념장] (고추장 2큰술, 식초 1큰술)", ["소면|200|g", "고추장|2|tbsp", "식초|1|tbsp"]],
  ["양념장: (고추장 2큰술, 식초 1큰술)", ["소면|200|g", "고추장|2|tbsp", "식초|1|tbsp"]],
  ["양념장 - 고추장 2큰술, 식초 1큰술", ["소면|200|g", "고추장|2|tbsp", "식초|1|tbsp"]],
  ["1차 양념\n고추장 2큰술", ["소면|200|g", "고추장|2|tbsp"]],
  ["Sauce (소스)\n고추장 2큰술", ["소면|200|g", "고추장|2|tbsp"]],
  ["양념장 만들기\n고추장 2큰술", ["소면|200|g", "고추장|2|tbsp"]],
  ["고추장 2큰술 + 식초 1큰술", ["소면|200|g", "고추장|2|tbsp", "식초|1|tbsp"]],
  ["고추장 2큰술\n밥 한 공기", ["소면|200|g", "고추장|2|tbsp", "밥||"]],
  ["조리시간 20분\n고추장 2큰술", ["소면|200|g", "고추장|2|tbsp"]],
  ["1 고추장 2큰술\n2 식초 1큰술", ["소면|200|g", "고추장|2|tbsp", "식초|1|tbsp"]],
])("a list of ingredients in or after the heading %j", (heading, lines) => {
  expect(linesOf(`비빔국수\n재료\n소면 200g\n${heading}\n만드는 법\n비빈다.`)).toEqual(lines);
});

test.each([
  ["만드는 법(10분 불린 콩 사용)\n끓인다.", ["10분 불린 콩 사용", "끓인다."]],
  ["만드는 법 - 끓인다.", ["끓인다."]],
  ["만드는 법\n1 김치를 썬다\n2 섞는다\n3 부친다", ["김치를 썬다", "섞는다", "부친다"]],
  ["Method\n1 Beat eggs\n2 Fry rice\n3 Serve", ["Beat eggs", "Fry rice", "Serve"]],
  ["달걀을 푼다\n10분 찐다", ["달걀을 푼다", "10분 찐다"]],
  ["두부 썰기\n물 끓이기", ["두부 썰기", "물 끓이기"]],
  ["중불에서 10분 끓이기\n두부 넣기", ["중불에서 10분 끓이기", "두부 넣기"]],
  ["1. 물 500ml 끓이기\n2. 두부 넣기", ["물 500ml 끓이기", "두부 넣기"]],
  ["Mince 3 cloves of garlic\nServe", ["Mince 3 cloves of garlic", "Serve"]],
  ["Beat the eggs\nFry the rice\nServe", ["Beat the eggs", "Fry the rice", "Serve"]],
  ["\nWhisk eggs\nFry rice\nServe", ["Whisk eggs", "Fry rice", "Serve"]],
  ["\n\u200b1. 물을 붓는다\n\u200b2. 끓인다", ["물을 붓는다", "끓인다"]],
  ["만드는 법\n1: 썬다\n2: 굽는다", ["썬다", "굽는다"]],
  ["Combine flour, egg and milk\nCook until golden", ["Combine flour, egg and milk", "Cook until golden"]],
  ["만드는\u3164법\n끓인다", ["끓인다"]],
  ["만드는 법\u200d\n끓인다", ["끓인다"]],
])("steps after a list: %j", (method, steps) => {
  const recipe = readRecipe(`국\n재료\n두부 1모(300g)\n물 1컵\n${method}`);
  expect(recipe.lines.map(({ name }) => name)).toEqual(["두부", "물"]);
  expect(recipe.steps).toEqual(steps);
  expect(readRecipe(`국\n두부 1모(300g)\n물 1컵\n${method}`).steps, "without a heading of the list").toEqual(steps);
});

test.each(["소다", "사이다", "참치마요", "돼지고기", "위에 올릴 돼지고기", "국내산 돼지고기", "고구마 줄기", "brown sugar", "roast beef", "ground pepper", "toast"])("%s without a quantity is an ingredient", (name) => {
  expect(linesOf(`국\n재료\n두부 150g\n${name}\n만드는 법\n끓인다.`)).toEqual(["두부|150|g", `${name}||`]);
});

test.each([
  ["Prep Time: 10 minutes\nCook Time: 25 minutes\nTotal Time: 35 minutes", "35", "Prep Time: 10 minutes · Cook Time: 25 minutes"],
  ["Prep Time: 10 minutes / Cook Time: 25 minutes / Total Time: 35 minutes", "35", "Prep Time: 10 minutes / Cook Time: 25 minutes / Total Time: 35 minutes"],
  ["Prep Time: 10 minutes\nCook Time: 1 hour 25 minutes", "95", ""],
  ["준비시간 10분, 조리시간 25분", "35", ""],
  ["조리시간: 1시간 반", "90", ""],
  ["총 조리시간 40분\n준비 10분", "40", "준비 10분"],
  ["30~40분", "40", ""],
  ["Ready in 1 1/2 hours", "90", ""],
])("the time of %j is the total, otherwise the sum", (rows, minutes, summary) => {
  expect(readRecipe(`국\n${rows}\n재료\n물 1컵\n만드는 법\n끓인다.`)).toMatchObject({ title: "국", cookMinutes: minutes, summary });
});

test("other servings than the first are kept", () => {
  expect(readRecipe("국\n2인분\n4인분 기준\n재료\n물 1컵")).toMatchObject({ servings: "2", summary: "4인분 기준" });
});

test.each([
  "두부조림\n2인분\n재료\n두부 1모(300g)\n간장 2큰술\n만드는 법\n1. 조린다.",
  "두부조림\n2인분\n두부 1모(300g)\n간장 2큰술\n\n1. 조린다.",
])("a text in NFD is read like one in NFC: %j", (text) => {
  expect(readRecipe(text.normalize("NFD"))).toEqual(readRecipe(text));
  expect(readRecipe(text).lines).toHaveLength(2);
});

test.each([
  ["떡볶이\n\n떡 300g\n어묵 2장\n물 400ml\n\n양념\n고추장 2T\n\n1. 끓인다.", 4],
  ["Tteokbokki\n\n300 g rice cakes\n2 cups water\n\nFor the sauce:\n2 tbsp gochujang\n\n1. Boil.", 3],
  ["떡 300g\n어묵 2장\n\n양념장:\n고추장 2T", 3],
  ["두부조림\n두부 1모\n간장 2큰술\n\n조린다.", 2],
  ["떡볶이 2인분\n떡 300g\n끓인다.", 1],
  ["| 재료 | 양 |\n|:--|--:|\n| 두부 | 150g |\n| 간장 | 2 | 큰술 |\n\n조린다.", 2],
])("all ingredients of %j", (text, count) => {
  const { summary, lines, steps } = readRecipe(text);
  expect([summary, lines.length, steps.length <= 1]).toEqual(["", count, true]);
  expect(lines.every(({ measured }) => measured)).toBe(true);
});

test("an ingredient list with numbers, or with slashes", () => {
  const names = (text: string) => readRecipe(text).lines.map(({ name, quantity, unit }) => `${name}|${quantity}|${unit}`);
  expect(names("두부조림\n재료\n1. 두부 150g\n② 간장 2큰술\n３) 물 1 / 2컵")).toEqual(["두부|150|g", "간장|2|tbsp", "물|0.5|cup"]);
  expect(names("계란말이\n재료 : 계란 4개 / 대파 약간 / 소금 1꼬집")).toEqual(["계란|4|piece", "대파||little", "소금||little"]);
});

test.each([
  ["소금, 후추 약간", ["소금||little", "후추||little"]],
  ["소금/후추 약간", ["소금||little", "후추||little"]],
  ["소금 / 후추 약간", ["소금||little", "후추||little"]],
  ["소금(천일염), 후추 약간", ["소금||little", "후추||little"]],
  ["1/2 tsp salt to taste", ["1/2 tsp salt||little"]],
  ["양파 1/4 조금", ["양파 1/4||little"]],
  ["간장 1큰술, 소금·후추 약간", ["간장|1|tbsp", "소금||little", "후추||little"]],
  ["마늘, 파 적당량, 간장 2T", ["마늘||little", "파||little", "간장|2|tbsp"]],
  ["두부 1/2모, 소금 약간", ["두부||", "소금||little"]],
])("of %s only ingredients without a quantity are a little", (list, lines) => {
  expect(readRecipe(`국\n재료\n${list}`).lines.map(({ name, quantity, unit }) => `${name}|${quantity}|${unit}`)).toEqual(lines);
});

test("steps with numbers of full width, or without a mark", () => {
  const list = "된장찌개\n두부 150g\n물 300ml\n";
  expect(readRecipe(`${list}１．물을 끓인다.\n２）두부를 넣는다.`).steps).toEqual(["물을 끓인다.", "두부를 넣는다."]);
  const unmarked = readRecipe(`${list}1 물을 끓인다\n2 된장을 푼다`);
  expect(unmarked.steps).toEqual(["물을 끓인다", "된장을 푼다"]);
  expect(unmarked.lines).toHaveLength(2);
});

test("cells of a table on lines of their own", () => {
  const recipe = readRecipe("두부조림\n재료\n두부\n150g\n달걀\n2\n대파\n1/2대\n소금\n약간\n만드는 법\n1\n두부를 썬다.\n2\n굽는다.");
  expect(recipe.lines.map(({ name, quantity, unit, text }) => `${name}|${quantity}|${unit}|${text}`)).toEqual([
    "두부|150|g|두부 150g",
    "달걀|2|piece|달걀 2",
    "대파|||대파 1/2대",
    "소금||little|소금 약간",
  ]);
  expect(recipe.steps).toEqual(["두부를 썬다.", "굽는다."]);
});

test("check boxes, groups and keycaps", () => {
  const recipe = readRecipe("두부찌개\n재료\n- [ ] 두부 150g\n[양념] 간장 1큰술, 설탕 1작은술\n만드는 법\n1️⃣ 두부를 썬다\n2️⃣ 끓인다");
  expect(recipe.lines.map(({ name }) => name)).toEqual(["두부", "간장", "설탕"]);
  expect(recipe.steps).toEqual(["두부를 썬다", "끓인다"]);
});

test("servings in the title", () => {
  expect(readRecipe("두부조림 (2인분)\n재료: 두부 150g")).toMatchObject({ title: "두부조림 (2인분)", servings: "2" });
});

test.each(["대파 1대 어슷썰기", "양파 1개 채 썰기", "당근 1/3개 채썰기", "당면 100g 30분 불리기", "소고기 200g 핏물 빼기", "마늘 편썰기", "마늘 다지기", "미역 불리기", "Mince 500 g", "Toast 2 slices", "Roast 1 kg"])("%s between two ingredients is an ingredient", (row) => {
  for (const heading of ["재료\n", ""]) {
    const { lines, steps } = readRecipe(`국\n${heading}두부 1모\n${row}\n간장 2큰술\n만드는 법\n1. 끓인다`);
    expect([heading, lines.map(({ text }) => text), steps]).toEqual([heading, ["두부 1모", row, "간장 2큰술"], ["끓인다"]]);
  }
});

test.each([
  "재료(밥숟가락 계량)",
  "재료 (밥숟가락 기준)",
  "재료 (1T=15ml, 1컵=200ml)",
  "재료 (1큰술 15ml 기준)",
  "부재료 (선택)",
  "고명(생략 가능)",
  "[양념장] (비빔용)",
  "Ingredients (metric)",
  "Topping (optional)",
])("the note of the heading %s is part of the summary", (heading) => {
  const { summary, lines, steps } = readRecipe(`국\n따뜻해요.\n${heading}\n두부 150g\n물 1컵\n조리순서 (사진 참고)\n끓인다.`);
  expect([summary, lines.map(({ text }) => text), steps]).toEqual([`따뜻해요. · ${heading} · 조리순서 (사진 참고)`, ["두부 150g", "물 1컵"], ["끓인다."]]);
});

test("a step after the label of ingredients remains a step", () => {
  const { lines, steps } = readRecipe("국\n재료\n두부 1모\n만드는 법\n1. 두부를 썬다\n\n[양념장] 간장 2큰술을 넣고 섞는다\n2. 끓인다");
  expect([lines.map(({ text }) => text), steps]).toEqual([["두부 1모"], ["두부를 썬다", "[양념장] 간장 2큰술을 넣고 섞는다", "끓인다"]]);
});

test.each([
  ["떡국\n재료\n떡국떡 2인분", "", ""],
  ["국수\n재료\n칼국수면 2인분", "", ""],
  ["국\n재료: 두부 1모 4인분", "", ""],
  ["국\n재료\n4인분 밥\n물 1컵", "", ""],
  ["국\n두부 1모\n칼국수면 2인분", "", ""],
  ["10인분 식당 레시피를 줄였어요\n재료 (2인분)\n두부 1모", "2", ""],
  ["국\n10인분 식당 레시피를 줄였어요\n재료 (2인분)\n두부 1모", "2", "10인분 식당 레시피를 줄였어요"],
  ["국\n10인분 식당 레시피를 줄였어요\n2인분 기준\n재료\n두부 1모", "2", "10인분 식당 레시피를 줄였어요"],
  ["국\n재료 (2인분, 밥숟가락 계량)\n두부 1모", "2", "재료 (2인분, 밥숟가락 계량)"],
  ["국\n온 가족이 먹는 4인분이에요\n재료\n두부 1모", "4", "온 가족이 먹는 4인분이에요"],
  ["국\n4인분 60분 이내 초급\n두부 1모\n끓인다.", "4", "4인분 60분 이내 초급"],
])("the servings of %j are those of a heading, a title or a line of their own, otherwise of the text before the list", (text, servings, summary) => {
  expect(readRecipe(text)).toMatchObject({ servings, summary });
});

test.each([
  ["one line", `12 ${"가을 ".repeat(40_000)}`],
  ["ingredients", `국\n재료\n${"두부 1모\n".repeat(20_000)}`],
  ["letters with empty lines", `국\n재료\n${"a\n\n".repeat(40_000)}`],
  ["words with empty lines", `국\n${"가 나\n\n".repeat(24_000)}`],
])("120,000 characters are read within 2 seconds of CPU time, and completely: %s", (_, text) => {
  const before = process.cpuUsage();
  const { title, summary, lines, steps } = readRecipe(text);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(2);
  const letters = (all: string) => all.replaceAll(/[^\p{L}]/gu, "").length;
  expect(letters([title, summary, ...lines.map((line) => line.text), ...steps].join(" "))).toBe(letters(text.replace("재료\n", "")));
});

test("a long sentence after a number is a step with a number", () => {
  const long = `물을 ${"아주 ".repeat(80)}오래 끓인다`;
  expect(readRecipe(`국\n두부 1모\n1 ${long}`).steps).toEqual([long]);
});
