import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Login } from "../src/api/types";
import { problem, type Routes } from "./support/api";
import { ingredient, page, recipe, summary, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite as open } from "./support/render";

const openSite = (path: string, routes: Routes, as: Login | null = null) => open(path, { ...surroundings, ...routes }, as);
const listCalls = (api: Awaited<ReturnType<typeof open>>["api"]) => api.calls.filter(({ route }) => route === "GET /recipes");

test("the page shows that the list is loading", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await openSite("/", {
    "GET /recipes": async () => {
      await held;
      return page([summary(1, "김치찌개")]);
    },
  });
  expect(screen.getByText("불러오는 중…")).toBeInTheDocument();
  release();
  expect(await screen.findByRole("link", { name: "김치찌개" })).toBeInTheDocument();
  expect(screen.queryByText("불러오는 중…")).not.toBeInTheDocument();
});

test("the list shows the cost of one meal, and more recipes on demand", async () => {
  const { api, user } = await openSite("/", {
    "GET /recipes": ({ query }) => (query.get("cursor") === "c2" ? page([summary(2, "비빔밥", 4150)]) : page([summary(1, "김치찌개")], "c2")),
  });
  const card = await screen.findByRole("article");
  expect(within(card).getByRole("link", { name: "김치찌개" })).toHaveAttribute("href", "/recipes/1");
  expect(card).toHaveTextContent("한 끼 3,200원");
  expect(card).toHaveTextContent("25분 · 2인분");

  await user.click(screen.getByRole("button", { name: "더 보기" }));
  await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(2));
  expect(screen.getByText("4,150원")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "더 보기" })).not.toBeInTheDocument();
  expect(listCalls(api).map(({ query }) => query.get("cursor"))).toEqual([null, "c2"]);
});

test("a search without a result shows the search, and links to all recipes", async () => {
  const { user } = await openSite("/", {
    "GET /recipes": ({ query }) => page(query.get("q") === "피자" ? [] : [summary(1, "김치찌개")]),
  });
  await user.type(await screen.findByRole("searchbox", { name: "요리 찾기" }), " 피자 {Enter}");
  expect(await screen.findByText("‘피자’에 맞는 요리가 없어요.")).toBeInTheDocument();
  expect(screen.getByRole("searchbox")).toHaveValue("피자");
  expect(screen.getByRole("searchbox")).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "모두 보기" }));
  expect(await screen.findByRole("article")).toBeInTheDocument();
});

test("a tab in a search, pasted or in the URL, becomes a space", async () => {
  const { api, user } = await openSite("/?q=%09김치&tag=찌%09개", { "GET /recipes": () => page([summary(1, "김치찌개")]) });
  await screen.findByRole("article");
  expect(Object.fromEntries(listCalls(api).at(-1)?.query ?? [])).toEqual({ q: "김치", tag: "찌 개" });
  fireEvent.change(screen.getByRole("searchbox", { name: "요리 찾기" }), { target: { value: "두부\t찌개" } });
  await user.click(screen.getByRole("button", { name: "찾기" }));
  await waitFor(() => expect(listCalls(api).at(-1)?.query.get("q")).toBe("두부 찌개"));
});

test("a recipe that became cheaper between two pages is shown", async () => {
  let cheaper = false;
  const pages = () => (cheaper ? [[summary(3, "잔치국수", 900), summary(1, "김치찌개")], [summary(2, "비빔밥", 4150)]] : [[summary(1, "김치찌개"), summary(2, "비빔밥", 4150)], []]);
  const { api, user } = await openSite("/?sort=cheapest", {
    "GET /recipes": ({ query }) => {
      const [first = [], second = []] = pages();
      return query.get("cursor") ? page(cheaper && listCalls(api).length === 2 ? [] : second) : { body: { items: first, nextCursor: "c2", total: 3 } };
    },
  });
  expect(await screen.findAllByRole("article")).toHaveLength(2);
  cheaper = true;
  await user.click(screen.getByRole("button", { name: "더 보기" }));
  expect(await screen.findByRole("link", { name: "잔치국수" })).toBeInTheDocument();
  expect(screen.getAllByRole("article")).toHaveLength(3);
  expect(listCalls(api), "two pages, and both again").toHaveLength(4);
});

test("an empty site is reported", async () => {
  await openSite("/", { "GET /recipes": () => page([]) });
  expect(await screen.findByText("아직 요리가 없어요.")).toBeInTheDocument();
});

test("a list that could not be loaded is reported, and can be loaded again", async () => {
  let broken = true;
  const { api, user } = await openSite("/", { "GET /recipes": () => (broken ? problem(503) : page([summary(1, "김치찌개")])) });
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("지금은 서버가 바빠요.");
  expect(api.count("GET /recipes"), "first try and two silent ones").toBe(3);
  broken = false;
  await user.click(within(alert).getByRole("button", { name: "다시 시도" }));
  expect(await screen.findByRole("article")).toBeInTheDocument();
});

test("if a recipe cannot be loaded, the cause is the page's heading", async () => {
  await openSite("/recipes/1", { "GET /recipes/1": () => problem(503) });
  expect(await screen.findByRole("heading", { level: 1, name: /^지금은 서버가 바빠요\./u })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "다시 시도" })).toBeInTheDocument();
});

test("a search starts after a pause in typing, and is stored in the URL", async () => {
  const { api, user } = await openSite("/?sort=cheapest", { "GET /recipes": () => page([summary(1, "김치찌개")]) });
  await user.type(await screen.findByRole("searchbox", { name: "요리 찾기" }), "찌개");
  expect(await screen.findByRole("heading", { name: "‘찌개’ 찾은 결과" })).toBeInTheDocument();
  await waitFor(() => expect(listCalls(api).at(-1)?.query.get("q")).toBe("찌개"));
  expect(listCalls(api).at(-1)?.query.get("sort"), "the order stays").toBe("cheapest");
  expect(listCalls(api).length, "the first list, and at most one a syllable").toBeLessThanOrEqual(3);
});

test("recipes can be filtered by ingredients with the keyboard, and the URL stores the filter", async () => {
  const kimchi = ingredient(11, "김치");
  const { api, user } = await openSite("/?ingredient=12&sort=cheapest", {
    "GET /recipes": () => page([summary(1, "김치찌개")]),
    "GET /ingredients": () => page([kimchi]),
    "GET /ingredients/12": () => ({ body: ingredient(12, "두부") }),
  });
  const tofu = await screen.findByRole("button", { name: "두부 빼기" });
  expect(listCalls(api).at(-1)?.query.getAll("ingredient")).toEqual(["12"]);
  await user.type(screen.getByRole("combobox", { name: "들어간 재료" }), "김치");
  await screen.findByRole("option", { name: "김치" });
  await user.keyboard("{ArrowDown}{Enter}");
  expect(await screen.findByRole("button", { name: "김치 빼기" })).toBeInTheDocument();
  expect(screen.getByRole("combobox", { name: "들어간 재료" })).toHaveValue("");
  await waitFor(() => expect(listCalls(api).at(-1)?.query.getAll("ingredient")).toEqual(["12", "11"]));
  expect(listCalls(api).at(-1)?.query.get("sort"), "the order stays").toBe("cheapest");
  await user.click(tofu);
  await waitFor(() => expect(listCalls(api).at(-1)?.query.getAll("ingredient")).toEqual(["11"]));
  expect(screen.getByRole("combobox", { name: "들어간 재료" })).toHaveFocus();
});

test("tags that could not be loaded are reported, and can be loaded again", async () => {
  let down = true;
  const { user } = await openSite("/", {
    "GET /recipes": () => page([summary(1, "김치찌개")]),
    "GET /tags": (call) => (down ? problem(503) : surroundings["GET /tags"]!(call)),
  });
  const filters = within(await screen.findByRole("group", { name: "조건" }));
  expect(await filters.findByText("종류를 불러오지 못했어요.")).toBeInTheDocument();
  down = false;
  await user.click(filters.getByRole("button", { name: "다시 시도" }));
  expect(await filters.findByRole("option", { name: "밥" })).toBeInTheDocument();
  expect(filters.queryByText("종류를 불러오지 못했어요.")).not.toBeInTheDocument();
});

test("filters and order are sent to the API, and can be cleared at once", async () => {
  const { api, user } = await openSite("/", {
    "GET /recipes": ({ query }) => page(query.get("maxCost") ? [] : [summary(1, "김치찌개")]),
  });
  await user.selectOptions(await screen.findByRole("combobox", { name: "차례" }), "싼 요리부터");
  await screen.findByRole("option", { name: "밥" });
  await user.selectOptions(screen.getByRole("combobox", { name: "종류" }), "찌개");
  await user.selectOptions(screen.getByRole("combobox", { name: "걸리는 시간" }), "30분까지");
  await user.type(screen.getByRole("textbox", { name: "한 끼 최대 (원)" }), "3,000{Enter}");
  expect(await screen.findByText("조건에 맞는 요리가 없어요.")).toBeInTheDocument();
  expect(Object.fromEntries(listCalls(api).at(-1)?.query ?? [])).toEqual({ sort: "cheapest", tag: "찌개", maxMinutes: "30", maxCost: "3000" });
  await user.click(screen.getByRole("button", { name: "모두 보기" }));
  expect(await screen.findByRole("article")).toBeInTheDocument();
  expect(screen.getByRole("textbox", { name: "한 끼 최대 (원)" })).toHaveValue("");
});

test("a recipe shows its ingredients with their cost, the total, the steps and the cost of one meal", async () => {
  await openSite("/recipes/1", { "GET /recipes/1": () => ({ body: recipe }) });
  expect(await screen.findByRole("heading", { level: 1, name: "김치찌개" })).toBeInTheDocument();
  expect(screen.getByTestId("cost-per-meal")).toHaveTextContent("한 끼 3,200원");
  const ingredients = within(screen.getByRole("region", { name: "재료" }));
  expect(ingredients.getAllByRole("row").map((row) => row.textContent)).toEqual([
    "재료양값",
    "김치1,000 g에 8,000원300.05 g2,400원",
    "두부1개에 1,800원0.5개900원",
    "고춧가루100 ml에 20,670원1큰술3,101원",
    "2인분 재료값6,401원",
  ]);
  const steps = within(screen.getByRole("region", { name: "만드는 법" })).getAllByRole("listitem");
  expect(steps.map((step) => step.textContent)).toEqual(recipe.steps);
  expect(screen.getByRole("img", { name: "고춧가루 48%, 김치 37%, 두부 14%" })).toBeInTheDocument();
  expect(await screen.findByText("재료값이 아직 바뀌지 않았어요.")).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "고치기" }), "not one's own").not.toBeInTheDocument();
  expect(document.title).toBe("김치찌개 · 한끼얼마");
});

test("for other servings the quantities and the total are recomputed", async () => {
  await openSite("/recipes/1", { "GET /recipes/1": () => ({ body: recipe }) });
  fireEvent.change(await screen.findByRole("slider", { name: "몇 인분" }), { target: { value: "4" } });
  const rows = within(screen.getByRole("region", { name: "재료" })).getAllByRole("row");
  expect(rows.map((row) => row.textContent).slice(1)).toEqual([
    "김치1,000 g에 8,000원600.1 g4,801원",
    "두부1개에 1,800원1개1,800원",
    "고춧가루100 ml에 20,670원2큰술6,201원",
    "4인분 재료값12,802원",
  ]);
  expect(screen.getByTestId("cost-per-meal"), "one meal costs the same").toHaveTextContent("한 끼 3,200원");
});

test("a unit of a later API is shown by its API name", async () => {
  const [kimchi] = recipe.ingredients;
  const later = { ...recipe, ingredients: [{ ...kimchi!, unit: "pint" }] };
  await openSite("/recipes/1", { "GET /recipes/1": () => ({ body: later }) });
  const ingredients = within(await screen.findByRole("region", { name: "재료" }));
  expect(ingredients.getByRole("row", { name: /^김치/u })).toHaveTextContent("김치1,000 g에 8,000원300.05 pint2,400원");
});

test("the cost of a meal over time is drawn and listed, the latest first", async () => {
  const kimchi = { id: 11, name: "김치" };
  await openSite("/recipes/1", {
    "GET /recipes/1": () => ({ body: recipe }),
    "GET /recipes/1/cost-history": () => ({
      body: {
        items: [
          { at: "2026-01-05T12:00:00Z", costPerMeal: 3000, ingredient: null },
          { at: "2026-02-05T12:00:00Z", costPerMeal: 3200, ingredient: kimchi },
        ],
      },
    }),
  });
  const movement = within(await screen.findByRole("region", { name: "한 끼 값의 움직임" }));
  expect(await movement.findByRole("img")).toHaveAccessibleName(
    "2026. 1. 5.부터 2026. 2. 5.까지 2번의 값, 가장 쌀 때 3,000원, 가장 비쌀 때 3,200원",
  );
  expect([...movement.getByText("표로 보기").closest("details")!.querySelectorAll("tbody tr")].map((row) => row.textContent)).toEqual([
    "2026. 2. 5.김치3,200원",
    "2026. 1. 5.–3,000원",
  ]);
});

test("the author deletes a recipe after a confirmation", async () => {
  const { api, user } = await openSite("/recipes/1", {
    "GET /me": () => ({ body: login().user }),
    "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
    "GET /recipes/1": () => ({ body: recipe }),
    "DELETE /recipes/1": () => ({ status: 204 }),
    "GET /recipes": () => page([]),
  }, login());
  await user.click(await screen.findByRole("button", { name: "지우기" }));
  expect(screen.getByRole("button", { name: "그냥 둘래요" })).toHaveFocus();
  expect(api.count("DELETE /recipes/1")).toBe(0);
  await user.click(screen.getByRole("button", { name: "네, 지울래요" }));
  expect(await screen.findByText("아직 요리가 없어요.")).toBeInTheDocument();
  expect(api.count("DELETE /recipes/1")).toBe(1);
});

test("a recipe deleted again after a lost response is deleted", async () => {
  const answers = [problem(503), problem(404, { type: "urn:hankki:problem:recipe-not-found" })];
  const { user } = await openSite("/recipes/1", {
    "GET /me": () => ({ body: login().user }),
    "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
    "GET /recipes/1": () => ({ body: recipe }),
    "DELETE /recipes/1": () => answers.shift() ?? {},
    "GET /recipes": () => page([]),
  }, login());
  await user.click(await screen.findByRole("button", { name: "지우기" }));
  await user.click(screen.getByRole("button", { name: "네, 지울래요" }));
  await screen.findByRole("alert");
  await user.click(screen.getByRole("button", { name: "네, 지울래요" }));
  expect(await screen.findByText("아직 요리가 없어요.")).toBeInTheDocument();
  expect(answers).toEqual([]);
});

test("a 404 that is not the API's deletes nothing, and is reported", async () => {
  const { user } = await openSite("/recipes/1", {
    "GET /me": () => ({ body: login().user }),
    "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
    "GET /recipes/1": () => ({ body: recipe }),
    "DELETE /recipes/1": () => problem(404),
  }, login());
  await user.click(await screen.findByRole("button", { name: "지우기" }));
  await user.click(screen.getByRole("button", { name: "네, 지울래요" }));
  expect(await screen.findByRole("alert")).not.toBeEmptyDOMElement();
  expect(screen.getByRole("heading", { level: 1, name: recipe.title })).toBeInTheDocument();
});

test("the pages of a deleted recipe and of an unknown address link to the list", async () => {
  const { api, user } = await openSite("/recipes/99", { "GET /recipes/99": () => problem(404), "GET /recipes": () => page([summary(1, "김치찌개")]) });
  expect(await screen.findByRole("heading", { name: "찾으시는 요리가 없어요." })).toBeInTheDocument();
  expect(api.count("GET /recipes/99"), "requested while the page's code is being fetched, and not again by the page").toBe(1);
  await user.click(screen.getByRole("link", { name: "요리 목록으로" }));
  expect(await screen.findByRole("article")).toBeInTheDocument();
  expect(screen.getByRole("main"), "the keyboard goes on from the new page's top").toHaveFocus();
});

test("the page switches to English, with <html lang>", async () => {
  const { user } = await openSite("/", { "GET /recipes": () => page([summary(1, "김치찌개")]) });
  await screen.findByRole("article");
  expect(document.documentElement.lang).toBe("ko");
  await user.click(screen.getByRole("button", { name: "English" }));
  expect(screen.getByRole("article")).toHaveTextContent("One meal ₩3,200");
  expect(document.documentElement.lang).toBe("en");
});
