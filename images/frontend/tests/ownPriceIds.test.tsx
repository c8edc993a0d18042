import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Price } from "../src/api/ingredients";
import { problem, type Routes } from "./support/api";
import { ingredient, page } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const price = (id: number): Price => ({ id, price: 9000 + id, per: 1000, at: `2026-02-0${id}T12:00:00Z` });
const IDS = "GET /me/prices/ids";

async function openPrices(ids: Routes[string]) {
  const site = await openSite(
    "/prices/11",
    {
      "GET /me": () => ({ body: login().user }),
      "GET /ingredients/11": () => ({ body: ingredient(11, "김치") }),
      "GET /ingredients/11/prices": ({ query }) => (query.get("cursor") ? page([price(2), price(1)]) : page([price(4), price(3)], "older")),
      [IDS]: ids,
    },
    login(),
  );
  await site.user.click(await screen.findByText("표로 보기"));
  return site;
}

const own = () => screen.queryAllByRole("button", { name: /되돌리기$/u }).map((button) => /9,00\d/u.exec(button.getAttribute("aria-label") ?? "")?.[0]);

test("the number of requested pages of own price IDs equals the number of shown pages of prices", async () => {
  const { api, user } = await openPrices(({ query }) => ({ body: query.get("cursor") ? { ids: [1], nextCursor: "never" } : { ids: [2, 4], nextCursor: "more" } }));
  await waitFor(() => expect(own()).toEqual(["9,004"]));
  expect(api.count(IDS)).toBe(1);
  await user.click(screen.getByRole("button", { name: "더 보기" }));
  await waitFor(() => expect(own()).toEqual(["9,004", "9,002", "9,001"]));
  expect(api.calls.filter(({ route }) => route === IDS).map(({ query }) => query.toString())).toEqual(["ingredient=11", "ingredient=11&cursor=more"]);
});

test("a pod of the previous version returns all IDs at once", async () => {
  const { api, user } = await openPrices(() => ({ body: { ids: [1, 4] } }));
  await user.click(await screen.findByRole("button", { name: "더 보기" }));
  await waitFor(() => expect(own()).toEqual(["9,004", "9,001"]));
  expect(api.count(IDS)).toBe(1);
});

test("a page of IDs that could not be loaded is not requested endlessly", async () => {
  const { api, user } = await openPrices(({ query }) => (query.get("cursor") ? problem(422) : { body: { ids: [4], nextCursor: "more" } }));
  await user.click(await screen.findByRole("button", { name: "더 보기" }));
  await waitFor(() => expect(api.count(IDS)).toBe(2));
  await screen.findAllByText("1,000 g에 9,001원");
  expect(own()).toEqual(["9,004"]);
  expect(api.count(IDS)).toBe(2);
});
