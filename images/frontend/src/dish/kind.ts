export type DishKind = "soup" | "noodles" | "rolls" | "mixedRice" | "sauceRice" | "friedRice" | "pancake" | "custard" | "greens" | "plate" | "slices" | "board";

export type Piece = "tofu" | "meat" | "chicken" | "fish" | "anchovy" | "seaweed" | "sprout" | "riceCake" | "sausage" | "stick" | "slab" | "dumpling" | "roll" | "cutlet" | "strip";

export interface Look {
  kind: DishKind;
  /** Colour of the broth, the sauce or the batter. */
  base: string;
  piece: Piece;
}

const red = "#c2452a";
const brown = "#96602f";
const clear = "#e2c98f";

const look = (kind: DishKind, base: string, piece: Piece = "tofu"): Look => ({ kind, base, piece });

/** Kinds by a part of the dish's name. The first match counts: 김밥 before 밥, 전골 before 전, 닭볶음탕 before 탕. */
const looks: readonly (readonly [RegExp, Look])[] = [
  [/김밥|초밥|주먹밥/u, look("rolls", "#eadcc4")],
  [/비빔국수|쫄면|비빔면|라면|짬뽕/u, look("noodles", "#cf5533")],
  [/칼국수|수제비|콩국수|냉면/u, look("noodles", clear)],
  [/국수|면|우동|잡채|파스타|스파게티/u, look("noodles", "#c98d4e")],
  [/볶음밥/u, look("friedRice", "#e39a5b")],
  [/짜장|자장/u, look("sauceRice", "#4a3024", "meat")],
  [/카레|덮밥|하이라이스|오므라이스/u, look("sauceRice", "#d8982f", "meat")],
  [/밥|죽/u, look("mixedRice", "#f7f0e1")],
  [/닭볶음|닭갈비|닭강정/u, look("plate", "#bf4a2a", "chicken")],
  [/떡볶이/u, look("plate", "#c8472a", "stick")],
  [/제육|두루치기/u, look("plate", "#b8452c", "strip")],
  [/오징어|낙지|주꾸미/u, look("plate", "#b8452c", "meat")],
  [/고등어|갈치|동태|꽁치|삼치|생선|조기/u, look("plate", "#b3552f", "fish")],
  [/멸치/u, look("plate", brown, "anchovy")],
  [/두부 ?(부침|구이|지짐)/u, look("slices", "#f3ead6", "slab")],
  [/두부 ?(조림|김치)/u, look("slices", "#b5673a", "slab")],
  [/보쌈|수육|족발|편육/u, look("board", "#c0472c", "strip")],
  [/만두(?!전골|국)/u, look("slices", "#f1e4cb", "dumpling")],
  [/(계란|달걀) ?말이/u, look("slices", "#f3ead6", "roll")],
  [/돈가스|돈까스|커틀릿/u, look("slices", "#f3ead6", "cutlet")],
  [/불고기|삼겹살|구이$/u, look("plate", "#7d4a26", "strip")],
  [/된장|청국장/u, look("soup", "#b57a35")],
  [/부대/u, look("soup", red, "sausage")],
  [/육개장|해장/u, look("soup", red, "meat")],
  [/미역/u, look("soup", "#b9b98a", "seaweed")],
  [/콩나물(국|해장)/u, look("soup", "#ead9a8", "sprout")],
  [/삼계|백숙|닭(곰|개)/u, look("soup", "#ecd9ac", "chicken")],
  [/떡(국|만두)|만둣?국/u, look("soup", "#ead7a9", "riceCake")],
  [/(김치|순두부|고추장|매운|얼큰).*(찌개|국|탕|전골)/u, look("soup", red)],
  [/찌개|국$|탕$|전골|수프|스프/u, look("soup", clear, "meat")],
  [/김치전/u, look("pancake", "#d5793a")],
  [/전$|부침|빈대떡|말이|튀김|호떡/u, look("pancake", "#e2ab45")],
  [/(계란|달걀)찜/u, look("custard", "#f2c24b")],
  [/나물|무침|샐러드|겉절이|김치|오이/u, look("greens", "#6f8f46")],
];

export function lookOf(title: string): Look {
  return looks.find(([pattern]) => pattern.test(title))?.[1] ?? look("plate", brown, "meat");
}
