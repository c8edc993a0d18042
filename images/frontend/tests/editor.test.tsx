import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { bodyOf, checkDraft, draftOf, emptyLine } from "../src/features/editor/draft";
import { refusedControls } from "../src/features/editor/refused";
import { readDraft, writeDraft } from "../src/features/editor/storage";
import { commonTexts } from "../src/i18n/common";
import { editorTexts } from "../src/i18n/editor";
import { recipesTexts } from "../src/i18n/recipes";
import { problem, type Routes } from "./support/api";
import { ingredient, page, recipe, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite as open } from "./support/render";

const found = [ingredient(21, "돼지고기"), ingredient(22, "두부", "piece", 1800, 1), ingredient(23, "두부면", "g")];
const routes: Routes = {
  ...surroundings,
  "GET /me": () => ({ body: login().user }),
  "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
  "GET /ingredients": ({ query }) => page(found.filter(({ name }) => name.includes(query.get("q") ?? ""))),
  "POST /recipes/cost": ({ body }) => {
    const { servings, ingredients } = body as { servings: number; ingredients: unknown[] };
    return { body: { costPerMeal: 1800 / servings, totalCost: 1800, lines: ingredients.map(() => ({ cost: 1800 })) } };
  },
  "GET /recipes/1": () => ({ body: recipe }),
};

const openSite = (path: string, answers: Routes) => open(path, answers, login());

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

async function pickTofu(user: Awaited<ReturnType<typeof openSite>>["user"]) {
  await user.type(screen.getByRole("combobox", { name: "재료 1" }), "두부");
  expect((await screen.findAllByRole("option", { name: /두부/u })).map((option) => option.textContent)).toEqual(["두부", "두부면"]);
  await user.keyboard("{ArrowDown}{Enter}");
}

test("a new recipe is written with the keyboard, shows its cost, is saved, and leaves no draft", async () => {
  const { api, user } = await openSite("/recipes/new", { ...routes, "POST /recipes": () => ({ status: 201, body: recipe }) });
  await screen.findByRole("heading", { name: "새 요리 적기" });
  type("요리 이름", " 두부김치 ");
  type("종류", "안주, 한식,, 안주");
  await pickTofu(user);
  expect(screen.getByRole("combobox", { name: "재료 1" })).toHaveValue("두부");
  expect(screen.getByRole("combobox", { name: "재료 1의 단위" })).toHaveDisplayValue("개");
  type("재료 1의 양", "1");
  type("만드는 법 1", "두부를\n 데쳐요.\n");
  expect(await screen.findByTestId("cost-per-meal")).toHaveTextContent("한 끼 900원");
  expect(screen.getByText("재료값 모두 1,800원")).toBeInTheDocument();
  const asked = api.calls.filter(({ route }) => route === "POST /recipes/cost").map(({ body }) => body);
  expect(asked, "nothing is asked before there is a line").toEqual([{ servings: 2, ingredients: [{ ingredientId: 22, quantity: 1, unit: "piece" }] }]);
  expect(readDraft("new", 7)?.draft.title).toBe(" 두부김치 ");

  await user.click(screen.getByRole("button", { name: "저장" }));
  expect(await screen.findByRole("heading", { level: 1, name: "김치찌개" })).toBeInTheDocument();
  expect(api.calls.find(({ route }) => route === "POST /recipes")?.body).toEqual({
    title: "두부김치",
    summary: "",
    servings: 2,
    cookMinutes: 30,
    tags: ["안주", "한식"],
    ingredients: [{ ingredientId: 22, quantity: 1, unit: "piece" }],
    steps: ["두부를\n데쳐요."],
  });
  expect(readDraft("new", 7)).toBeNull();
});

test("missing input is reported at its control, and the first one has the focus", async () => {
  const { api, user } = await openSite("/recipes/new", routes);
  await screen.findByRole("heading", { name: "새 요리 적기" });
  type("요리 이름", "죽");
  type("몇 인분", "0");
  type("재료 1", "아무거나");
  type("재료 1의 양", "-1");
  await user.click(screen.getByRole("button", { name: "저장" }));
  expect(screen.getByLabelText("요리 이름")).toBeValid();
  expect(screen.getByLabelText("몇 인분")).toHaveFocus();
  expect(screen.getByLabelText("몇 인분")).toHaveAccessibleDescription("1부터 100까지의 수를 적어 주세요.");
  expect(screen.getByLabelText("재료 1")).toHaveAccessibleDescription("목록에서 재료를 골라 주세요.");
  expect(screen.getByLabelText("재료 1의 양")).toHaveAccessibleDescription("0보다 크고 100,000을 넘지 않는 수를 적어 주세요. 예: 1.5");
  expect(screen.getByLabelText("만드는 법 1")).toHaveAccessibleDescription("만드는 법을 하나 이상 적어 주세요.");
  expect(api.count("POST /recipes")).toBe(0);
});

test("a draft survives a reload and an unavailable server, and is discarded only on demand", async () => {
  const down: Routes = { ...routes, "POST /recipes": () => problem(503) };
  const first = await openSite("/recipes/new", down);
  await screen.findByRole("heading", { name: "새 요리 적기" });
  type("요리 이름", "두부김치");
  type("만드는 법 1", "두부를 데쳐요.");
  await pickTofu(first.user);
  type("재료 1의 양", "0.5");
  await first.user.click(screen.getByRole("button", { name: "저장" }));
  expect(await screen.findByText(/지금은 서버가 바빠요\..*적은 것은 이 기기에 남아 있어요\./u)).toBeInTheDocument();

  cleanup();
  const { user } = await openSite("/recipes/new", routes);
  expect(await screen.findByText("적던 것을 되살렸어요.")).toBeInTheDocument();
  expect(screen.getByLabelText("요리 이름")).toHaveValue("두부김치");
  expect(screen.getByLabelText("재료 1")).toHaveValue("두부");
  expect(screen.getByLabelText("재료 1의 양")).toHaveValue("0.5");
  await user.click(screen.getByRole("button", { name: "적던 것 버리기" }));
  expect(screen.getByLabelText("요리 이름")).toHaveValue("");
  expect(readDraft("new", 7)).toBeNull();
});

test.each([
  ["국, 찌개"],
  ["국，찌개"],
  ["국、찌개"],
  ["국､ 찌개"],
  ["국; 찌개"],
  ["#국 #찌개"],
  ["＃국＃찌개"],
  ["#국, #찌개"],
  ["국,,찌개,국"],
])("%s is two tags", (tags) => {
  expect(bodyOf({ ...draftOf(recipe), tags }).tags).toEqual(["국", "찌개"]);
});

test("the length of a text is limited in characters of NFC", async () => {
  await open("/recipes/new", routes, login());
  const limits = [["요리 이름", 100], ["만드는 법 1", 1000], ["재료 1", 50]] as const;
  await screen.findByLabelText("요리 이름");
  for (const [label, most] of limits) {
    for (const character of ["한", "🍲"]) {
      fireEvent.change(screen.getByLabelText(label), { target: { value: character.repeat(most + 1).normalize("NFD") } });
      expect(screen.getByLabelText(label)).toHaveValue(character.repeat(most));
    }
  }
});

test("of text inserted into a full field, only what fits is kept, and the text around it stays", async () => {
  const { user } = await open("/recipes/new", routes, login());
  await screen.findByLabelText("요리 이름");
  for (const [label, most] of [["요리 이름", 100], ["만드는 법 1", 1000], ["재료 1", 50]] as const) {
    const box = screen.getByLabelText<HTMLInputElement | HTMLTextAreaElement>(label);
    const full = `두부${"🍲".repeat(most - 3)}끝`;
    type(label, full);
    await user.type(box, "x", { initialSelectionStart: 0, initialSelectionEnd: 0 });
    expect([label, box.value, box.selectionEnd]).toEqual([label, full, 0]);
    box.setSelectionRange(1, 2);
    await user.paste("유xyz".normalize("NFD"));
    expect([label, box.value, box.selectionEnd]).toEqual([label, full.replace("두부", "두유"), 2]);
  }
});

test("a text that was pasted longer than the limit does not grow, and loses only what is deleted", async () => {
  const [first, ...rest] = draftOf(recipe).steps;
  const long = `${"가".repeat(1001)}끝`;
  writeDraft("new", { draft: { ...draftOf(recipe), steps: first ? [{ ...first, text: long }, ...rest] : [] }, version: null, userId: 7 });
  const { user } = await open("/recipes/new", routes, login());
  const box = await screen.findByLabelText("만드는 법 1");
  await user.type(box, "x", { initialSelectionStart: 2, initialSelectionEnd: 2 });
  expect(box).toHaveValue(long);
  await user.type(box, "{Backspace}", { initialSelectionStart: 2, initialSelectionEnd: 2 });
  expect(box).toHaveValue(long.slice(1));
});

test("the length of a tag is counted in characters, as in the API", () => {
  const errors = (tags: string) => checkDraft({ ...draftOf(recipe), tags }, editorTexts.ko, { ...commonTexts.ko, ...recipesTexts.ko });
  expect(["🍲".repeat(20), "한".repeat(20).normalize("NFD"), "한".repeat(21), "🍲".repeat(21)].map((tags) => "tags" in errors(tags))).toEqual([false, false, true, true]);
});

test("tabs and other control characters of pasted text become spaces", () => {
  const pasted = { ...draftOf(recipe), title: "\t두부\t김치 ", summary: "a\u0085b", tags: "안주\t, 한식\u000b술", steps: [{ key: 1, text: "두부를\t\r\n 데쳐요.\u0000" }] };
  expect(bodyOf(pasted)).toMatchObject({ title: "두부 김치", summary: "a b", tags: ["안주", "한식 술"], steps: ["두부를\n데쳐요."] });
});

test("input that the API refuses is reported at its control, and the first one has the focus", async () => {
  const errors = [
    { pointer: "#/steps/1", detail: "Longer than maximum length 1000." },
    { pointer: "#/ingredients/2/quantity", detail: "Not a quantity." },
    { pointer: "#/tags/0", detail: "Too long." },
  ];
  const { user } = await openSite("/recipes/1/edit", { ...routes, "PUT /recipes/1": () => problem(422, { errors }) });
  await screen.findByDisplayValue("김치찌개");
  await user.click(screen.getByRole("button", { name: "재료 2 빼기" }));
  await user.click(screen.getByRole("button", { name: "재료 더하기" }));
  await user.click(screen.getByRole("button", { name: "저장" }));
  expect(await screen.findByText(/표시한 곳을 고쳐 주세요\..*적은 것은 이 기기에 남아 있어요/u)).toBeInTheDocument();
  expect(screen.getByLabelText("만드는 법 2")).toHaveFocus();
  expect(screen.getByLabelText("만드는 법 2")).toHaveAccessibleDescription("서버가 받지 않았어요: Longer than maximum length 1000.");
  expect(screen.getByLabelText("종류")).toHaveAccessibleDescription(/Too long/u);
});

test("an error is shown at the line that was sent, even after blank lines", () => {
  const draft = { ...draftOf(recipe), steps: [{ key: 5, text: " " }, { key: 7, text: "끓여요." }] };
  draft.lines.unshift(emptyLine(9));
  const fields = { "ingredients/0/unit": "a", "ingredients/1/ingredientId": "b", "steps/0": "c", ingredients: "d", version: "e" };
  expect(refusedControls(fields, draft)).toEqual({ "quantity-1": "a", "ingredient-2": "b", "step-7": "c", ingredients: "d" });
});

test("a session that expires during typing keeps the page and the draft, and links to the login", async () => {
  const { user } = await openSite("/recipes/1/edit", {
    ...routes,
    "PUT /recipes/1": () => problem(401),
    "POST /auth/refresh": () => problem(401),
  });
  await screen.findByDisplayValue("김치찌개");
  type("요리 이름", "묵은지찌개");
  await user.click(screen.getByRole("button", { name: "저장" }));
  expect(await screen.findByRole("link", { name: "다시 로그인하기" })).toHaveAttribute("href", "/login");
  expect(screen.getByLabelText("요리 이름")).toHaveValue("묵은지찌개");
  expect(readDraft("1", 7)?.draft.title).toBe("묵은지찌개");
  expect(readDraft("1", 8), "not another user's").toBeNull();
});

const changed = { ...recipe, title: "남의 찌개", version: 4 };
const conflict = (): Routes => {
  let asked = 0;
  return {
    ...routes,
    "GET /recipes/1": () => ({ body: (asked += 1) === 1 ? recipe : changed }),
    "PUT /recipes/1": ({ body }) =>
      (body as { version: number }).version === 4
        ? { body: { ...recipe, title: "내 찌개", version: 5 } }
        : problem(409, { type: "urn:hankki:problem:recipe-changed" }),
  };
};

test("a cost that could not be loaded is reported, and can be loaded again", async () => {
  let down = true;
  const { user } = await openSite("/recipes/1/edit", { ...routes, "POST /recipes/cost": (call) => (down ? problem(503) : routes["POST /recipes/cost"]!(call)) });
  const live = within(await screen.findByRole("region", { name: "지금 적은 대로면" }));
  expect(await live.findByText(/값을 셈하지 못했어요\. 지금은 서버가 바빠요/u)).toBeInTheDocument();
  expect(live.queryByText(/재료를 고르면/u)).not.toBeInTheDocument();
  down = false;
  await user.click(live.getByRole("button", { name: "다시 시도" }));
  expect(await live.findByTestId("cost-per-meal")).toHaveTextContent("한 끼 900원");
});

test("suggestions that could not be loaded are reported, and can be loaded again", async () => {
  let down = true;
  const { user } = await openSite("/recipes/new", { ...routes, "GET /ingredients": (call) => (down ? problem(503) : routes["GET /ingredients"]!(call)) });
  await user.type(await screen.findByRole("combobox", { name: "재료 1" }), "두부");
  expect(await screen.findByText(/재료를 찾아보지 못했어요\. 지금은 서버가 바빠요/u)).toBeInTheDocument();
  down = false;
  await user.click(screen.getByRole("button", { name: "다시 시도" }));
  await waitFor(() => expect(screen.queryByText(/찾아보지 못했어요/u)).not.toBeInTheDocument());
  await user.click(screen.getByRole("combobox", { name: "재료 1" }));
  expect(await screen.findByRole("option", { name: "두부" })).toBeInTheDocument();
});

test("a recipe changed elsewhere can be overwritten with the draft", async () => {
  const { api, user } = await openSite("/recipes/1/edit", conflict());
  await screen.findByDisplayValue("김치찌개");
  type("요리 이름", "내 찌개");
  await user.click(screen.getByRole("button", { name: "저장" }));
  expect(await screen.findByText("그 사이 다른 곳에서 이 요리가 바뀌었어요.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "내가 적은 것으로 저장" }));
  await waitFor(() => expect(api.count("PUT /recipes/1")).toBe(2));
  expect(api.calls.filter(({ route }) => route === "PUT /recipes/1").map(({ body }) => body)).toMatchObject([
    { title: "내 찌개", version: 3 },
    { title: "내 찌개", version: 4 },
  ]);
  await waitFor(() => expect(readDraft("1", 7)).toBeNull());
});

test("after an outage during a conflict both options remain, and the next attempt has its own result", async () => {
  let down = false;
  const { "GET /recipes/1": get, ...others } = conflict();
  const { user } = await openSite("/recipes/1/edit", { ...others, "GET /recipes/1": (call) => (down ? problem(503) : get!(call)) });
  await screen.findByDisplayValue("김치찌개");
  type("요리 이름", "내 찌개");
  await user.click(screen.getByRole("button", { name: "저장" }));
  await screen.findByText("그 사이 다른 곳에서 이 요리가 바뀌었어요.");
  down = true;
  await user.click(screen.getByRole("button", { name: "내가 적은 것으로 저장" }));
  expect(await screen.findByText(/지금은 서버가 바빠요/u)).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "내가 적은 것으로 저장" })).toBeInTheDocument();

  down = false;
  await user.click(screen.getByRole("button", { name: "저장" }));
  await waitFor(() => expect(screen.queryByText(/지금은 서버가 바빠요/u)).not.toBeInTheDocument());
  await user.click(await screen.findByRole("button", { name: "내가 적은 것으로 저장" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "저장" }), "saved").not.toBeInTheDocument());
});

test("a recipe changed elsewhere can replace the draft", async () => {
  const { user } = await openSite("/recipes/1/edit", conflict());
  await screen.findByDisplayValue("김치찌개");
  type("요리 이름", "내 찌개");
  await user.click(screen.getByRole("button", { name: "저장" }));
  await user.click(await screen.findByRole("button", { name: /바뀐 내용 불러오기/u }));
  expect(await screen.findByDisplayValue("남의 찌개")).toBeInTheDocument();
  expect(readDraft("1", 7)).toBeNull();
  await user.click(screen.getByRole("button", { name: "저장" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "저장" }), "version 4 is taken").not.toBeInTheDocument());
});

test("the draft of a recipe deleted elsewhere survives a reload and is saved as a new recipe", async () => {
  const deleted: Routes = { ...routes, "PUT /recipes/1": () => problem(404), "POST /recipes": () => ({ status: 201, body: { ...recipe, id: 2 } }) };
  const first = await openSite("/recipes/1/edit", deleted);
  await screen.findByDisplayValue("김치찌개");
  type("요리 이름", "내 찌개");
  await first.user.click(screen.getByRole("button", { name: "저장" }));
  expect(await screen.findByText(/이 요리는 그 사이 지워졌어요/u)).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "새 요리로 저장" })).toBeInTheDocument();

  cleanup();
  const { api, user } = await openSite("/recipes/1/edit", { ...deleted, "GET /recipes/1": () => problem(404) });
  expect(await screen.findByLabelText("요리 이름")).toHaveValue("내 찌개");
  expect(screen.getByText(/이 요리는 그 사이 지워졌어요/u)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "새 요리로 저장" }));
  await waitFor(() => expect(readDraft("1", 7)).toBeNull());
  expect(api.calls.find(({ route }) => route === "POST /recipes")?.body).toMatchObject({ title: "내 찌개" });
});

test("the draft of a deleted recipe can be discarded, which opens the user's recipes", async () => {
  writeDraft("1", { draft: draftOf(recipe), version: 3, userId: 7 });
  const { user } = await openSite("/recipes/1/edit", { ...routes, "GET /recipes/1": () => problem(404), "GET /me/recipes": () => page([]) });
  await user.click(await screen.findByRole("button", { name: "적던 것 버리기" }));
  expect(await screen.findByText("아직 적은 요리가 없어요.")).toBeInTheDocument();
  expect(readDraft("1", 7)).toBeNull();
});

test("an ingredient whose name is part of many others is suggested first, and chosen when the field loses the focus", async () => {
  // In alphabetical order, as the API lists them; 파 is the last.
  const others = ["고추파", "구운 파", "깐 파", "다진 파", "대파", "대파채", "마른 파", "생파", "썬 파", "쪽파"];
  const leeks = [...others, "파", "파프리카"].map((name, place) => ingredient(31 + place, name));
  const { api, user } = await openSite("/recipes/new", { ...routes, "GET /ingredients": () => page(leeks) });
  const box = await screen.findByRole("combobox", { name: "재료 1" });
  await user.type(box, "파");
  const names = (await screen.findAllByRole("option")).map((option) => option.textContent);
  expect(names).toEqual(["파", "파프리카", ...others.slice(0, 6)]);
  await user.tab();
  expect(screen.getByRole("combobox", { name: "재료 1의 단위" })).toHaveDisplayValue("g");
  expect(api.calls.find(({ route }) => route === "GET /ingredients")?.query.get("limit")).toBe("100");
});

test("rows are added, moved up and removed with the keyboard without losing the focus", async () => {
  const { user } = await openSite("/recipes/1/edit", routes);
  await screen.findByDisplayValue("김치찌개");
  await user.click(screen.getByRole("button", { name: "만드는 법 2 위로" }));
  expect(screen.getByLabelText("만드는 법 1")).toHaveValue("끓여요.");
  await user.click(screen.getByRole("button", { name: "재료 2 빼기" }));
  expect(screen.getByRole("button", { name: "재료 더하기" })).toHaveFocus();
  await user.keyboard("{Enter}");
  const names = within(screen.getByRole("region", { name: "재료" })).getAllByRole("combobox", { name: /^재료 \d$/u });
  expect(names.map((input) => (input as HTMLInputElement).value)).toEqual(["김치", "고춧가루", ""]);
});

test("a missing ingredient is added inside the editor, and chosen", async () => {
  const parsley = ingredient(24, "파슬리");
  const known = [...found];
  const { user } = await openSite("/recipes/new", {
    ...routes,
    "GET /ingredients": ({ query }) => page(known.filter(({ name }) => name.includes(query.get("q") ?? ""))),
    "POST /ingredients": () => {
      known.push(parsley);
      return { status: 201, body: parsley };
    },
    "GET /ingredients/24": () => ({ body: parsley }),
    "GET /ingredients/24/prices": () => ({ body: { items: [] } }),
  });
  await user.type(await screen.findByRole("combobox", { name: "재료 1" }), "파슬리");
  await screen.findByText("그런 재료가 없어요.");
  await user.tab();
  expect(screen.getByRole("button", { name: "재료값에 더하기" })).toHaveFocus();
  await user.keyboard("{Enter}");
  const dialog = within(await screen.findByRole("dialog", { name: "재료값에 더하기" }));
  expect(dialog.getByLabelText("재료 이름")).toHaveValue("파슬리");
  // The dialog reports its own errors, and Enter in one form does not submit the other.
  await user.type(dialog.getByLabelText("값 (원)"), "{Enter}");
  expect(dialog.getByLabelText("값 (원)")).toBeInvalid();
  expect(screen.getByLabelText("요리 이름")).toHaveAttribute("aria-invalid", "false");
  await user.type(dialog.getByLabelText("값 (원)"), "2000{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(screen.getByRole("combobox", { name: "재료 1" })).toHaveValue("파슬리");
  expect(screen.getByRole("combobox", { name: "재료 1의 단위" })).toHaveDisplayValue("g");
  expect(screen.getByLabelText("재료 1의 양")).toHaveFocus();
  expect(readDraft("new", 7)?.draft.lines[0]?.ingredient?.id).toBe(24);
});

test("a unit of a later API stays unchanged", async () => {
  const [kimchi] = recipe.ingredients;
  const { api, user } = await openSite("/recipes/1/edit", {
    ...routes,
    "GET /recipes/1": () => ({ body: { ...recipe, ingredients: [{ ...kimchi!, unit: "pint" }] } }),
    "PUT /recipes/1": () => problem(503),
  });
  await screen.findByDisplayValue("김치찌개");
  expect(screen.getByRole("combobox", { name: "재료 1의 단위" })).toHaveDisplayValue("pint");
  await user.click(screen.getByRole("button", { name: "저장" }));
  await screen.findByText(/지금은 서버가 바빠요/u);
  expect(api.calls.find(({ route }) => route === "PUT /recipes/1")?.body).toMatchObject({ ingredients: [{ quantity: 300.05, unit: "pint" }] });
});

test("a recipe of another user cannot be edited", async () => {
  await openSite("/recipes/1/edit", { ...routes, "GET /recipes/1": () => ({ body: { ...recipe, authorId: 8 } }) });
  expect(await screen.findByRole("heading", { level: 1, name: "다른 사람의 요리는 고칠 수 없어요." })).toBeInTheDocument();
});
