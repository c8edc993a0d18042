import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { isPer, isPrice } from "../src/features/prices/checks";
import { problem, type Routes } from "./support/api";
import { ingredient, page } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const kimchi = ingredient(11, "김치");
const prices = [
  { price: 3000, per: 500, at: "2026-01-05T12:00:00Z" },
  { price: 8000, per: 1000, at: "2026-02-05T12:00:00Z" },
];
const routes: Routes = {
  "GET /me": () => ({ body: login().user }),
  "GET /ingredients/11": () => ({ body: kimchi }),
  "GET /ingredients/11/prices": () => ({ body: { items: prices } }),
};

test("prices are listed and searched, and more are loaded on demand", async () => {
  const { api, user } = await openSite("/prices", {
    "GET /ingredients": ({ query }) => {
      if (query.get("q")) {
        return page([]);
      }
      return query.get("cursor") ? page([ingredient(12, "두부", "piece", 1800, 1)]) : page([kimchi], "next");
    },
  });
  await user.click(await screen.findByRole("button", { name: "더 보기" }));
  await screen.findByRole("link", { name: "두부" });
  expect(within(screen.getByRole("table")).getAllByRole("row").map((row) => row.textContent)).toEqual([
    "재료마지막으로 바뀐 날값",
    "김치2026. 3. 4.1,000 g에 8,000원",
    "두부2026. 3. 4.1개에 1,800원",
  ]);
  expect(screen.getByRole("link", { name: "김치" })).toHaveAttribute("href", "/prices/11");
  await user.type(screen.getByRole("searchbox", { name: "재료 찾기" }), "피자{Enter}");
  expect(await screen.findByText("‘피자’라는 재료가 없어요.")).toBeInTheDocument();
  expect(api.calls.at(-1)?.query.get("q")).toBe("피자");
});

test("a list that could not be reloaded stays, and the retry reloads it instead of its next page", async () => {
  let down = false;
  const { api, user, queryClient } = await openSite("/prices", { "GET /ingredients": () => (down ? problem(503) : page([kimchi], "next")) });
  await screen.findByRole("link", { name: "김치" });
  down = true;
  await queryClient.invalidateQueries();
  expect(await screen.findByRole("alert")).toHaveTextContent("지금은 서버가 바빠요.");
  expect(screen.getByRole("link", { name: "김치" })).toBeInTheDocument();
  down = false;
  await user.click(screen.getByRole("button", { name: "다시 시도" }));
  await waitFor(() => expect(screen.queryByRole("alert")).not.toBeInTheDocument());
  expect(api.calls.map(({ query }) => query.get("cursor"))).not.toContain("next");
});

test("an ingredient shows its prices over time, all for the same quantity", async () => {
  await openSite("/prices/11", routes);
  expect(await screen.findByRole("heading", { level: 1, name: "김치" })).toBeInTheDocument();
  expect(await screen.findByRole("img")).toHaveAccessibleName(
    "2026. 1. 5.부터 2026. 2. 5.까지 2번의 값, 가장 쌀 때 6,000원, 가장 비쌀 때 8,000원",
  );
  expect([...document.querySelectorAll("tbody tr")].map((row) => row.textContent)).toEqual([
    "2026. 2. 5.1,000 g에 8,000원",
    "2026. 1. 5.500 g에 3,000원",
  ]);
  expect(screen.getByRole("link", { name: "로그인하고 새 값 알리기" })).toHaveAttribute("href", "/login");
});

test.each([
  ["the same version", { items: [{ ...prices[0], id: 1 }], nextCursor: null }],
  ["the previous version, which has no pages", { items: prices }],
])("the table and the chart show the latest prices first, and older ones on demand, from %s", async (_, older) => {
  const young = { ...prices[1], id: 2 };
  const { api, user } = await openSite("/prices/11", {
    ...routes,
    "GET /ingredients/11/prices": ({ query }) => ({ body: query.get("cursor") ? older : { items: [young], nextCursor: "older" } }),
  });
  expect(await screen.findByRole("img")).toHaveAccessibleName(/1번의 값/u);
  await user.click(screen.getByText("표로 보기"));
  await user.click(screen.getByRole("button", { name: "더 보기" }));
  await waitFor(() => expect(screen.getByRole("img")).toHaveAccessibleName(/^2026\. 1\. 5\.부터 2026\. 2\. 5\.까지 2번의 값/u));
  expect([...document.querySelectorAll("tbody tr")].map((row) => row.textContent)).toEqual(["2026. 2. 5.1,000 g에 8,000원", "2026. 1. 5.500 g에 3,000원"]);
  expect(screen.queryByRole("button", { name: "더 보기" })).not.toBeInTheDocument();
  expect(api.calls.filter(({ route }) => route.endsWith("/prices")).map(({ query }) => query.toString())).toEqual(["sort=newest", "sort=newest&cursor=older"]);
});

test("a logged-in user reports a price, and the page shows it", async () => {
  const { api, user } = await openSite("/prices/11", { ...routes, "POST /ingredients/11/prices": () => ({ status: 201, body: prices[1] }) }, login());
  await user.type(await screen.findByLabelText("값 (원)"), "0{Enter}");
  expect(screen.getByLabelText("값 (원)")).toHaveAccessibleDescription("1부터 10,000,000까지의 수를 적어 주세요.");
  expect(api.count("POST /ingredients/11/prices")).toBe(0);
  await user.clear(screen.getByLabelText("값 (원)"));
  await user.type(screen.getByLabelText("값 (원)"), "9000");
  await user.clear(screen.getByLabelText("양 (g)"));
  await user.type(screen.getByLabelText("양 (g)"), "1.5{Enter}");
  expect(await screen.findByText("고마워요. 새 값을 적었어요.")).toBeInTheDocument();
  expect(api.calls.find(({ route }) => route === "POST /ingredients/11/prices")?.body).toEqual({ price: 9000, per: 1.5 });
  await waitFor(() => expect(api.count("GET /ingredients/11/prices")).toBe(2));
});

test("an unknown ingredient, and prices that could not be loaded, are reported", async () => {
  await openSite("/prices/99", { "GET /ingredients/99": () => problem(404) });
  expect(await screen.findByRole("heading", { name: "찾으시는 재료가 없어요." })).toBeInTheDocument();
  cleanup();
  await openSite("/prices", { "GET /ingredients": () => problem(503) });
  expect(await screen.findByRole("alert")).toHaveTextContent("지금은 서버가 바빠요.");
});

test("valid prices and quantities", () => {
  expect(["1", "10000000", " 500 "].map(isPrice)).toEqual([true, true, true]);
  expect(["", "0", "10000001", "1.5", "-1", "1e3"].some(isPrice)).toBe(false);
  expect(["0.1", "500", "1.5", "1000000"].map(isPer)).toEqual([true, true, true, true]);
  expect(["", "0", "0.099", "1000001", "0.1234", "1,5", "-1"].some(isPer)).toBe(false);
});

test("a missing ingredient is added with its price", async () => {
  let known = false;
  const { api, user } = await openSite(
    "/prices?q=김치",
    {
      ...routes,
      "GET /ingredients": () => page([]),
      "POST /ingredients": () => {
        if (!known) {
          known = true;
          return problem(409, { type: "urn:hankki:problem:ingredient-exists" });
        }
        return { status: 201, body: kimchi };
      },
    },
    login(),
  );
  expect(await screen.findByLabelText("재료 이름")).toHaveValue("김치");
  await user.selectOptions(screen.getByLabelText("파는 단위"), "ml");
  await user.type(screen.getByLabelText("값 (원)"), "8000");
  await user.clear(screen.getByLabelText("양 (ml)"));
  await user.type(screen.getByLabelText("양 (ml)"), "1000{Enter}");
  expect(await screen.findByText("이미 있는 재료예요.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "새 재료 더하기" }));
  expect(await screen.findByRole("heading", { level: 1, name: "김치" })).toBeInTheDocument();
  expect(api.calls.findLast(({ route }) => route === "POST /ingredients")?.body).toEqual({ name: "김치", unit: "ml", price: 8000, per: 1000 });
});
