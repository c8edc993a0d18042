import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { bodyOf, checkDraft, draftOf } from "../src/features/editor/draft";
import { readDraft } from "../src/features/editor/storage";
import { scale } from "../src/features/recipes/scale";
import { listAsText } from "../src/features/shopping/text";
import { commonTexts } from "../src/i18n/common";
import { editorTexts } from "../src/i18n/editor";
import { formatQuantity, formatWanted } from "../src/i18n/format";
import { recipesTexts } from "../src/i18n/recipes";
import { shoppingTexts } from "../src/i18n/shopping";
import { problem, type Routes } from "./support/api";
import { ingredient, page, recipe, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite as open } from "./support/render";

const flakes = { ingredientId: 1, name: "고춧가루", cost: 528, price: 16_500, per: 500, priceUnit: "g", tablespoonGrams: 8 };
const costOf = (line: object) => scale({ servings: 1, ingredients: [{ ...flakes, ...line } as typeof flakes & { quantity: number; unit: string }] }, 1).total;

test.each([
  [2, "tbsp", 528],
  [1, "tsp", 88],
  [0.5, "cup", 1760],
  [15, "ml", 264],
  [0.03, "l", 528],
  [16, "g", 528],
])("%d %s of an ingredient sold by weight have the API's cost", (quantity, unit, cost) => {
  expect(costOf({ quantity, unit })).toBe(cost);
});

test("the weight of an ingredient sold by volume, and a little of any ingredient", () => {
  expect(costOf({ quantity: 0.04, unit: "kg", priceUnit: "ml", tablespoonGrams: 20 }), "two spoons").toBe(990);
  expect(["g", "ml", "piece"].map((priceUnit) => costOf({ quantity: 0, unit: "little", priceUnit, tablespoonGrams: null }))).toEqual([0, 0, 0]);
  expect(costOf({ quantity: 2, unit: "tbsp", tablespoonGrams: undefined, cost: 77 }), "an unknown weight: the API's cost").toBe(77);
});

test("a little has a name and no number, alone or beside a quantity", () => {
  const units = { little: "약간" };
  expect(formatQuantity(0, "little", "ko", units)).toBe("약간");
  expect(formatWanted({ quantity: 0, unit: "g", aLittle: true }, "ko", units)).toBe("약간");
  expect(formatWanted({ quantity: 20, unit: "g", aLittle: true }, "ko", units)).toBe("20 g + 약간");
  expect(formatWanted({ quantity: 20, unit: "g" }, "ko", units), "a pod of the previous version").toBe("20 g");
  const items = [{ ingredientId: 1, name: "소금", quantity: 0, unit: "g", cost: 0, aLittle: true, price: 2500, per: 1000, packs: 0 }];
  const text = listAsText({ recipes: [], items, total: 0 }, "ko", { ...shoppingTexts.ko, title: "장보기", servings: String, units, aisles: {}, noAisle: "" });
  expect(text).toContain("- 소금 약간, 0원 (1,000 g에 2,500원)");
});

test("a draft sends a little as quantity 0, and needs the weight of a spoon", () => {
  const words = { ...commonTexts.ko, ...recipesTexts.ko };
  const line = recipe.ingredients[0]!;
  const little = draftOf({ ...recipe, ingredients: [{ ...line, quantity: 0, unit: "little" }] });
  expect(checkDraft(little, editorTexts.ko, words)).toEqual({});
  expect(bodyOf(little).ingredients).toEqual([{ ingredientId: 11, quantity: 0, unit: "little" }]);
  const spoon = draftOf({ ...recipe, ingredients: [{ ...line, quantity: 2, unit: "tbsp" }] });
  expect(checkDraft(spoon, editorTexts.ko, words)).toEqual({ "weight-1": editorTexts.ko.wrong.weightMissing });
});

const routes: Routes = {
  ...surroundings,
  "GET /me": () => ({ body: login().user }),
  "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
  "GET /ingredients": () => page([ingredient(31, "들깨가루")]),
  "POST /recipes/cost": () => ({ body: { costPerMeal: 100, totalCost: 200, lines: [{ cost: 200 }] } }),
};

async function chooseSpoon(answers: Routes) {
  const site = await open("/recipes/new", { ...routes, ...answers }, login());
  await site.user.type(await screen.findByRole("combobox", { name: "재료 1" }), "들깨");
  await site.user.click(await screen.findByRole("option", { name: "들깨가루" }));
  await site.user.type(screen.getByLabelText("재료 1의 양"), "2");
  const unit = screen.getByRole("combobox", { name: "재료 1의 단위" });
  expect(within(unit).getAllByRole("option").map((one) => one.textContent)).toEqual(["g", "kg", "ml", "L", "작은술", "큰술", "컵 (200 ml)", "약간"]);
  await site.user.selectOptions(unit, "큰술");
  return { ...site, weight: screen.getByLabelText("들깨가루 한 큰술(15 ml)은 몇 g인가요?") };
}

test("the editor asks once for the weight of a spoon, and Enter there does not submit the recipe", async () => {
  const { api, user, weight } = await chooseSpoon({
    "PUT /ingredients/31/tablespoon": () => ({ body: { ...ingredient(31, "들깨가루"), tablespoonGrams: 6.5 } }),
  });
  await user.type(weight, "0,5{Enter}");
  expect(weight).toHaveAccessibleDescription(/쉼표는 1,000처럼/u);
  await user.clear(weight);
  await user.type(weight, "6.5{Enter}");
  await waitFor(() => expect(weight).not.toBeInTheDocument());
  expect(api.calls.filter(({ route }) => route.startsWith("PUT")).map(({ body }) => body)).toEqual([{ grams: 6.5 }]);
  expect(api.count("POST /recipes")).toBe(0);
  expect(await screen.findByTestId("cost-per-meal")).toHaveTextContent("100원");
  expect(readDraft("new", 7)?.draft.lines[0]?.ingredient).toEqual({ id: 31, unit: "g", tablespoonGrams: 6.5 });
});

test("a search that waits for its response while a weight is set is repeated", async () => {
  let known: number | null = null;
  let gate: Promise<void> | undefined;
  let release = () => {};
  const { api, user, weight } = await chooseSpoon({
    "GET /ingredients": async () => {
      const answer = page([{ ...ingredient(31, "들깨가루"), tablespoonGrams: known }]);
      await gate;
      return answer;
    },
    "PUT /ingredients/31/tablespoon": () => {
      known = 6.5;
      return { body: { ...ingredient(31, "들깨가루"), tablespoonGrams: known } };
    },
  });
  gate = new Promise((resolve) => {
    release = resolve;
  });
  const before = api.count("GET /ingredients");
  await user.click(screen.getByRole("button", { name: "재료 더하기" }));
  await user.type(screen.getByRole("combobox", { name: "재료 2" }), "가루");
  await waitFor(() => expect(api.count("GET /ingredients")).toBeGreaterThan(before));
  await user.type(weight, "6.5{Enter}");
  await waitFor(() => expect(weight).not.toBeInTheDocument());
  release();
  await user.click(screen.getByRole("combobox", { name: "재료 2" }));
  await user.click(await screen.findByRole("option", { name: "들깨가루" }));
  expect(readDraft("new", 7)?.draft.lines[1]?.ingredient?.tablespoonGrams).toBe(6.5);
});

test("a weight that another user set meanwhile is used", async () => {
  const { user, weight } = await chooseSpoon({
    "PUT /ingredients/31/tablespoon": () => problem(409, { type: "urn:hankki:problem:weight-known" }),
    "GET /ingredients/31": () => ({ body: { ...ingredient(31, "들깨가루"), tablespoonGrams: 7 } }),
  });
  await user.type(weight, "6");
  await user.click(screen.getByRole("button", { name: "무게 적기" }));
  await waitFor(() => expect(weight).not.toBeInTheDocument());
  expect(readDraft("new", 7)?.draft.lines[0]?.ingredient?.tablespoonGrams).toBe(7);
});

test("without a weight the recipe is not sent, and the first missing input has the focus; a little needs no weight", async () => {
  const { api, user, weight } = await chooseSpoon({ "PUT /ingredients/31/tablespoon": () => problem(503) });
  await user.type(weight, "6{Enter}");
  expect(await screen.findByText("지금은 서버가 바빠요. 잠시 뒤에 다시 시도해 주세요.")).toBeInTheDocument();
  await user.type(screen.getByLabelText("요리 이름"), "죽");
  await user.type(screen.getByLabelText("만드는 법 1"), "끓여요.");
  await user.click(screen.getByRole("button", { name: "저장" }));
  expect(weight).toHaveFocus();
  expect(weight).toHaveAccessibleDescription(/한 큰술의 무게를 적거나 다른 단위를 골라 주세요/u);
  expect(api.count("POST /recipes")).toBe(0);
  const priced = api.calls.filter(({ route }) => route === "POST /recipes/cost").map(({ body }) => JSON.stringify(body));
  expect(priced.filter((body) => body.includes("tbsp")), "a cost that cannot be computed is not requested").toEqual([]);
  await user.selectOptions(screen.getByRole("combobox", { name: "재료 1의 단위" }), "약간");
  expect(weight).not.toBeInTheDocument();
  expect(screen.getByLabelText("재료 1의 양")).toBeDisabled();
  await user.click(screen.getByRole("button", { name: "저장" }));
  await waitFor(() => expect(api.count("POST /recipes")).toBe(1));
  expect(api.calls.find(({ route }) => route === "POST /recipes")?.body).toMatchObject({ ingredients: [{ ingredientId: 31, quantity: 0, unit: "little" }] });
});
