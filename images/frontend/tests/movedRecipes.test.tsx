import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { MovedRecipes } from "../src/api/types";
import { problem, type Routes } from "./support/api";
import { ingredient, page } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const MOVED = "GET /ingredients/11/prices/2/moved-recipes";
const moved: MovedRecipes = {
  items: [
    { id: 4, title: "김치찜", costPerMealBefore: 3200, costPerMeal: 3450, difference: 250 },
    { id: 5, title: "김치전", costPerMealBefore: 1000, costPerMeal: 970, difference: -30 },
  ],
  total: 2,
};

async function reportPrice(answer: Routes[string]) {
  const site = await openSite(
    "/prices/11",
    {
      "GET /me": () => ({ body: login().user }),
      "GET /me/prices/ids": () => ({ body: { ids: [2], nextCursor: null } }),
      "GET /ingredients/11": () => ({ body: ingredient(11, "김치") }),
      "GET /ingredients/11/prices": () => page([{ id: 2, price: 9000, per: 1000, at: "2026-02-05T12:00:00Z" }]),
      "POST /ingredients/11/prices": () => ({ status: 201, body: { id: 2, price: 9000, per: 1000, at: "2026-02-05T12:00:00Z" } }),
      "DELETE /ingredients/11/prices/2": () => ({ status: 204 }),
      [MOVED]: answer,
    },
    login(),
  );
  await site.user.type(await screen.findByLabelText("값 (원)"), "9000{Enter}");
  await screen.findByText("고마워요. 새 값을 적었어요.");
  return site;
}

const section = () => screen.findByRole("region", { name: "한 끼 값이 바뀐 요리" });

test("after a new price the page shows the changed recipes with both costs, and links to each", async () => {
  const { user } = await reportPrice(() => ({ body: moved }));
  const shown = within(await section());
  expect(await shown.findByText("요리 2가지의 한 끼 값이 바뀌었어요.")).toBeInTheDocument();
  expect(shown.getAllByRole("row").map(({ textContent }) => textContent)).toEqual([
    "요리차이",
    "김치찜한 끼 3,200원에서 3,450원으로+250원",
    "김치전한 끼 1,000원에서 970원으로−30원",
  ]);
  expect(shown.getByRole("link", { name: "김치찜" })).toHaveAttribute("href", "/recipes/4");
  await user.click(screen.getByRole("button", { name: "English" }));
  expect(await screen.findByRole("heading", { name: "Meals that this price moved" })).toBeInTheDocument();
  expect(screen.getByText("−₩30")).toBeInTheDocument();
});

test("the page shows the number of changed recipes, or that there are none", async () => {
  let answer: MovedRecipes = { ...moved, total: 120 };
  const { queryClient } = await reportPrice(() => ({ body: answer }));
  expect(await screen.findByText("요리 120가지 가운데 많이 바뀐 2가지예요.")).toBeInTheDocument();
  answer = { items: [], total: 3 };
  await queryClient.invalidateQueries();
  expect(await screen.findByText("이 값으로 한 끼 값이 바뀐 요리는 없어요.")).toBeInTheDocument();
  expect(within(await section()).queryByRole("table")).not.toBeInTheDocument();
});

test("a withdrawn price removes the list of changed recipes", async () => {
  const { user } = await reportPrice(() => ({ body: moved }));
  await within(await section()).findByText("김치찜");
  await user.click(within(screen.getByRole("region", { name: "새 값 알리기" })).getByRole("button", { name: /되돌리기$/u }));
  await waitFor(() => expect(screen.queryByText("김치찜")).not.toBeInTheDocument());
});

test("a pod of the previous version returns no list; an unavailable server is reported and can be tried again", async () => {
  let status = 404;
  const { api, user, queryClient } = await reportPrice(() => (status === 200 ? { body: moved } : problem(status)));
  await waitFor(() => expect(api.count(MOVED)).toBeGreaterThan(0));
  await waitFor(() => expect(screen.queryByRole("region", { name: "한 끼 값이 바뀐 요리" })).not.toBeInTheDocument());
  status = 503;
  await queryClient.invalidateQueries();
  expect(await screen.findByText(/지금은 서버가 바빠요/u)).toBeInTheDocument();
  status = 200;
  await user.click(screen.getByRole("button", { name: "다시 시도" }));
  expect(await screen.findByText("김치찜")).toBeInTheDocument();
});
