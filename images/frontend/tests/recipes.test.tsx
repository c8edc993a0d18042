import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { problem } from "./support/api";
import { recipe, summary } from "./support/data";
import { openSite } from "./support/render";

const page = (items: ReturnType<typeof summary>[], nextCursor: string | null = null) => ({ body: { items, nextCursor } });

test("while the list is on its way, the page says so", async () => {
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

test("the list shows what one meal costs, and more on demand", async () => {
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
  expect(api.calls.map(({ query }) => query.get("cursor"))).toEqual([null, "c2"]);
});

test("a search that finds nothing says for what, and leads back to everything", async () => {
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

test("an empty site says so", async () => {
  await openSite("/", { "GET /recipes": () => page([]) });
  expect(await screen.findByText("아직 요리가 없어요.")).toBeInTheDocument();
});

test("a list that cannot be had is tried again on demand", async () => {
  let broken = true;
  const { api, user } = await openSite("/", { "GET /recipes": () => (broken ? problem(503) : page([summary(1, "김치찌개")])) });
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("지금은 서버가 바빠요.");
  expect(api.count("GET /recipes"), "first try and two silent ones").toBe(3);
  broken = false;
  await user.click(within(alert).getByRole("button", { name: "다시 시도" }));
  expect(await screen.findByRole("article")).toBeInTheDocument();
});

test("a recipe shows its ingredients with their cost, the total, the steps and the cost of one meal", async () => {
  await openSite("/recipes/1", { "GET /recipes/1": () => ({ body: recipe }) });
  expect(await screen.findByRole("heading", { level: 1, name: "김치찌개" })).toBeInTheDocument();
  expect(screen.getByTestId("cost-per-meal")).toHaveTextContent("한 끼 3,200원");
  const rows = within(screen.getByRole("table")).getAllByRole("row");
  expect(rows.map((row) => row.textContent)).toEqual([
    "재료양값",
    "김치300 g2,400원",
    "두부0.5개900원",
    "고춧가루1큰술3,100원",
    "2인분 재료값6,400원",
  ]);
  expect(screen.getAllByRole("listitem").map((step) => step.textContent)).toEqual(recipe.steps);
  expect(document.title).toBe("김치찌개 · 한끼얼마");
});

test("a recipe that is gone and a page that never was lead back to the list", async () => {
  const { user } = await openSite("/recipes/99", { "GET /recipes/99": () => problem(404), "GET /recipes": () => page([summary(1, "김치찌개")]) });
  expect(await screen.findByRole("heading", { name: "찾으시는 요리가 없어요." })).toBeInTheDocument();
  await user.click(screen.getByRole("link", { name: "요리 목록으로" }));
  expect(await screen.findByRole("article")).toBeInTheDocument();
  expect(screen.getByRole("main"), "the keyboard goes on from the new page's top").toHaveFocus();
});

test("the page speaks English on demand, and <html lang> follows", async () => {
  const { user } = await openSite("/", { "GET /recipes": () => page([summary(1, "김치찌개")]) });
  await screen.findByRole("article");
  expect(document.documentElement.lang).toBe("ko");
  await user.click(screen.getByRole("button", { name: "English" }));
  expect(screen.getByRole("article")).toHaveTextContent("One meal ₩3,200");
  expect(document.documentElement.lang).toBe("en");
});
