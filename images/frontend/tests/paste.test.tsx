import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { emptyDraft, emptyLine } from "../src/features/editor/draft";
import { fillDraft } from "../src/features/editor/paste/fillDraft";
import { readRecipe } from "../src/features/editor/paste/readRecipe";
import { readDraft } from "../src/features/editor/storage";
import { problem, type Routes } from "./support/api";
import { ingredient, page, recipe, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite as open } from "./support/render";

const known = [
  ingredient(21, "두부"),
  { ...ingredient(22, "달걀", "piece", 7500, 30), aliases: ["계란"] },
  { ...ingredient(23, "고춧가루"), tablespoonGrams: 8 },
  ingredient(24, "소금"),
  ingredient(25, "순두부"),
];
const names = ({ name, aliases = [] }: (typeof known)[number]) => [name, ...aliases];
const routes: Routes = {
  ...surroundings,
  "GET /me": () => ({ body: login().user }),
  "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
  "GET /ingredients": ({ query }) => page(known.filter((one) => names(one).some((name) => name.includes(query.get("q") ?? "")))),
  "POST /recipes/cost": ({ body }) => ({
    body: { costPerMeal: 100, totalCost: 100, lines: (body as { ingredients: unknown[] }).ingredients.map(() => ({ cost: 50 })) },
  }),
  "POST /recipes": () => ({ status: 201, body: recipe }),
  "GET /recipes/1": () => ({ body: recipe }),
};

const text = "두부 계란찜\n3인분 · 25분\n\n재료\n두부 1모\n계란 2개\n고춧가루 1/2큰술\n소금 약간\n두리안 100g\n\n만드는 법\n1. 두부를 으깬다.\n2. 찐다.";

async function paste(answers: Routes = {}, pasted = text) {
  const site = await open("/recipes/new", { ...routes, ...answers }, login());
  await site.user.click(await screen.findByText("요리법을 통째로 붙여 넣기"));
  await screen.findByLabelText("요리 이름, 재료, 만드는 법이 있는 글");
  fireEvent.change(screen.getByLabelText("요리 이름, 재료, 만드는 법이 있는 글"), { target: { value: pasted } });
  await site.user.click(screen.getByRole("button", { name: "칸에 나누어 적기" }));
  return site;
}

test("a pasted recipe fills the form, is corrected there, and is saved", async () => {
  const { api, user } = await paste();
  expect(await screen.findByText(/재료 5개와 만드는 법 2개를 아래에 나누어 적었어요.*재료 2개는 고르거나 양을/u)).toBeInTheDocument();
  expect(screen.getByLabelText("요리 이름")).toHaveValue("두부 계란찜");
  expect([screen.getByLabelText("몇 인분"), screen.getByLabelText("걸리는 시간 (분)")].map((one) => (one as HTMLInputElement).value)).toEqual(["3", "25"]);
  expect(readDraft("new", 7)?.draft.lines.map(({ typed, ingredient: one, quantity, unit }) => [typed, one?.id, quantity, unit])).toEqual([
    ["두부", 21, "", "g"],
    ["달걀", 22, "2", "piece"],
    ["고춧가루", 23, "0.5", "tbsp"],
    ["소금", 24, "", "little"],
    ["두리안", undefined, "100", "g"],
  ]);
  expect(screen.getByText("붙여 넣은 글: 두부 1모"), "what could not be read is there to be corrected by").toBeInTheDocument();
  expect(screen.getByLabelText("만드는 법 2")).toHaveValue("찐다.");
  expect(screen.getByLabelText("요리 이름, 재료, 만드는 법이 있는 글")).toHaveValue("");

  await user.type(screen.getByLabelText("재료 1의 양"), "300");
  expect(screen.queryByText("붙여 넣은 글: 두부 1모")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "저장" }));
  expect(screen.getByLabelText("재료 5")).toHaveFocus();
  expect(api.count("POST /recipes")).toBe(0);
  await user.click(screen.getByRole("button", { name: "재료 5 빼기" }));
  await user.click(screen.getByRole("button", { name: "저장" }));
  await waitFor(() => expect(api.count("POST /recipes")).toBe(1));
  expect(api.calls.find(({ route }) => route === "POST /recipes")?.body).toMatchObject({
    title: "두부 계란찜",
    servings: 3,
    cookMinutes: 25,
    ingredients: [
      { ingredientId: 21, quantity: 300, unit: "g" },
      { ingredientId: 22, quantity: 2, unit: "piece" },
      { ingredientId: 23, quantity: 0.5, unit: "tbsp" },
      { ingredientId: 24, quantity: 0, unit: "little" },
    ],
    steps: ["두부를 으깬다.", "찐다."],
  });
});

test("without a response nothing is filled in and the text stays", async () => {
  let down = true;
  const { user } = await paste({ "GET /ingredients": (call) => (down ? problem(503) : routes["GET /ingredients"]!(call)) });
  expect(await screen.findByText(/나누어 적지 못했어요\. 붙여 넣은 글은 그대로예요\. 지금은 서버가 바빠요/u)).toBeInTheDocument();
  expect(screen.getByLabelText("요리 이름, 재료, 만드는 법이 있는 글")).toHaveValue(text);
  expect(screen.getByLabelText("요리 이름")).toHaveValue("");
  down = false;
  await user.click(screen.getByRole("button", { name: "칸에 나누어 적기" }));
  await waitFor(() => expect(screen.getByLabelText("요리 이름")).toHaveValue("두부 계란찜"));
});

test("text typed during the search for ingredients stays", async () => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { api } = await paste({
    "GET /ingredients": async (call) => {
      await held;
      return await routes["GET /ingredients"]!(call);
    },
  });
  await waitFor(() => expect(api.count("GET /ingredients")).toBeGreaterThan(0));
  fireEvent.change(screen.getByLabelText("한 줄 소개"), { target: { value: "내가 적은 것" } });
  answer();
  await waitFor(() => expect(screen.getByLabelText("요리 이름")).toHaveValue("두부 계란찜"));
  expect(screen.getByLabelText("한 줄 소개")).toHaveValue("내가 적은 것");
});

test("typed content stays, and pasted lines that do not fit are returned", () => {
  const typed = { ...emptyDraft(), title: "내 요리", servings: "4", lines: [emptyLine(1), { ...emptyLine(2), typed: "무" }], steps: [{ key: 9, text: "먼저" }] };
  const { draft, rest } = fillDraft(typed, readRecipe(text), new Map());
  expect(draft).toMatchObject({ title: "내 요리", servings: "4" });
  expect(draft.lines.map((line) => line.typed)).toEqual(["무", "두부", "계란", "고춧가루", "소금", "두리안"]);
  expect(new Set(draft.lines.map(({ key }) => key)).size).toBe(6);
  expect(draft.steps.map((step) => step.text)).toEqual(["먼저", "두부를 으깬다.", "찐다."]);
  expect(rest).toBe("두부 계란찜");
  expect(draft.lines[2], "pieces of an unknown ingredient are not grams").toMatchObject({ typed: "계란", quantity: "" });

  const many = ["요리", "재료", ...Array.from({ length: 52 }, (_, n) => `재료${n} ${n + 1}g`), "만드는 법", ...Array.from({ length: 31 }, (_, n) => `${n + 1}. 순서 ${n + 1}`)];
  const full = fillDraft(emptyDraft(), readRecipe(many.join("\n")), new Map());
  expect([full.lines, full.steps, full.rest]).toEqual([50, 30, "재료50 51g\n재료51 52g\n순서 31"]);
});
