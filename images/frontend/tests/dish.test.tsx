import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { DishArt } from "../src/dish/DishArt";
import { lookOf } from "../src/dish/kind";

test.each([
  ["김치찌개", "soup", "tofu"],
  ["소고기미역국", "soup", "seaweed"],
  ["해물전골", "soup", "meat"],
  ["삼계탕", "soup", "chicken"],
  ["닭볶음탕", "plate", "chicken"],
  ["콩나물국", "soup", "sprout"],
  ["콩나물무침", "greens", "tofu"],
  ["바지락칼국수", "noodles", "tofu"],
  ["김밥", "rolls", "tofu"],
  ["비빔밥", "mixedRice", "tofu"],
  ["김치볶음밥", "friedRice", "tofu"],
  ["짜장밥", "sauceRice", "meat"],
  ["해물파전", "pancake", "tofu"],
  ["불고기", "plate", "strip"],
  ["제육볶음", "plate", "strip"],
  ["두부 부침", "slices", "slab"],
  ["두부부침", "slices", "slab"],
  ["두부조림", "slices", "slab"],
  ["보쌈", "board", "strip"],
  ["돼지고기 수육", "board", "strip"],
  ["군만두", "slices", "dumpling"],
  ["떡만둣국", "soup", "riceCake"],
  ["달걀말이", "slices", "roll"],
  ["돈가스", "slices", "cutlet"],
])("%s is drawn as %s with %s", (title, kind, piece) => {
  expect(lookOf(title)).toMatchObject({ kind, piece });
});

test("a dish always has the same picture, and another dish has another one", () => {
  const picture = (title: string) => render(<DishArt title={title} />).container.innerHTML.replaceAll(/_r_\w+_/gu, "");
  expect(picture("김치찌개")).toBe(picture("김치찌개"));
  expect(picture("김치찌개")).not.toBe(picture("된장찌개"));
});
