/** The words of a unit as patterns, in lower case. */
const unitWords: readonly (readonly [unit: string, words: string])[] = [
  ["kg", "kgs?|㎏|킬로그[램람]|킬로"],
  ["g", "grams?|g|그[램람]"],
  ["ml", "millilit(?:er|re)s?|m[lL]s?|㎖|cc|㏄|밀리리터|밀리|미리|[시씨][시씨]"],
  ["l", "lit(?:er|re)s?|l|ℓ|리터"],
  ["tsp", "teaspoons?|tsps?\\.?|작은 ?(?:술|스푼|숟갈|숟가락|수저)|[티차찻] ?(?:스푼|숟갈|숟가락|수저|술)"],
  ["tbsp", "tablespoons?|tbsps?\\.?|tbs\\.?|tbls?\\.?|tb|(?:[큰밥]|테이블|어른|아빠) ?(?:술|스푼|숟갈|숟가락|수저)|숟가락|숟갈|스푼|수저|숟"],
  ["cup", "cups?|c|종이 ?컵|컵"],
  ["piece", "pieces?|pcs?|ea|개(?!월)|알|마리|장"],
];

/** The words of units that the API does not have. */
export const otherUnits = [
  "모|대|공기|그릇|쪽|톨|줄기|줄|줌|움큼|봉지|봉|캔|토막|단|묶음|포기|통|송이|뿌리|조각|인분|근|방울|꼬집|덩이|병|팩|국자|주먹",
  "oz\\.?|ounces?|lbs?\\.?|pounds?|cloves?|cans?|slices?|handfuls?|pinch(?:es)?|dash(?:es)?|sprigs?|sticks?|bunch(?:es)?|stalks?|heads?|packs?|packages?|bottles?|jars?",
].map((words) => anyCase(words).join("|"));

/** Each word in lower case, capitalized and in upper case. */
export function anyCase(words: string): string[] {
  return words.split(/\|(?![^(]*\))/u).flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.replaceAll(/(?<!\\)[a-z]/gu, (letter) => letter.toUpperCase())]);
}

/** The patterns of the API's units, in every case: but T is a tablespoon, t is a teaspoon. */
export const unitPatterns: readonly (readonly [unit: string, words: string])[] = [...unitWords.map(([unit, words]) => [unit, anyCase(words).join("|")] as const), ["tbsp", "Ts?"], ["tsp", "ts?"]];

/** The numbers of Korean words; of 한두 and the like the lower one. */
export const korean: Readonly<Record<string, number>> = { 반: 0.5, 한두: 1, 한: 1, 두세: 2, 두어: 2, 두: 2, 서너: 3, 세: 3, 석: 3, 네: 4, 넉: 4, 다섯: 5, 여섯: 6, 일곱: 7, 여덟: 8, 아홉: 9, 열: 10 };
