import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Price } from "../src/api/ingredients";
import { withoutOutliers } from "../src/features/prices/scale";
import { problem, type Routes } from "./support/api";
import { ingredient, recipe, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const POST = "POST /ingredients/11/prices";
const unusual = () => problem(409, { type: "urn:hankki:problem:price-unusual" });

/** An API with prices of 스팸, of which another user reported the first. */
function shop(answer?: Routes[string]) {
  const prices: Price[] = [{ id: 1, price: 4900, per: 340, at: "2026-01-05T12:00:00Z" }];
  const routes: Routes = {
    "GET /me": () => ({ body: login().user }),
    "GET /me/prices/ids": () => ({ body: { ids: prices.slice(1).map(({ id }) => id) } }),
    "GET /ingredients/11": () => ({ body: { ...ingredient(11, "스팸"), ...prices.at(-1), id: 11 } }),
    "GET /ingredients/11/prices": () => ({ body: { items: prices } }),
    [POST]: (call) => {
      const { price, per, confirm } = call.body as { price: number; per: number; confirm?: boolean };
      if (answer && !confirm) {
        return answer(call);
      }
      const added = { id: prices.length + 1, price, per, at: "2026-02-05T12:00:00Z" };
      prices.push(added);
      return { status: 201, body: added };
    },
    "DELETE /ingredients/11/prices/2": () => {
      prices.splice(1, 1);
      return { status: 204 };
    },
  };
  return routes;
}

async function report(user: Awaited<ReturnType<typeof openSite>>["user"], price: string, per: string) {
  const form = within(await screen.findByRole("region", { name: "새 값 알리기" }));
  await user.clear(form.getByLabelText("값 (원)"));
  await user.type(form.getByLabelText("값 (원)"), price);
  await user.clear(form.getByLabelText("양 (g)"));
  await user.type(form.getByLabelText("양 (g)"), `${per}{Enter}`);
}

const inForm = () => within(screen.getByRole("region", { name: "새 값 알리기" }));

const rows = () => [...document.querySelectorAll("tbody tr td:last-child")].map((cell) => cell.textContent);

test("an unusual price needs a confirmation, and is sent after it", async () => {
  const { api, user } = await openSite("/prices/11", shop(unusual), login());
  await report(user, "49000", "34");
  const question = await screen.findByRole("group", { name: /지난 값은 340 g에 4,900원이었어요. 34 g에 49,000원이면 약 100배로 비싸져요/u });
  expect(screen.queryByText("고마워요. 새 값을 적었어요.")).not.toBeInTheDocument();
  await user.click(within(question).getByRole("button", { name: "네, 이 값이 맞아요" }));
  expect(await screen.findByText("고마워요. 새 값을 적었어요.")).toBeInTheDocument();
  expect(question).not.toBeInTheDocument();
  const sent = api.calls.filter(({ route }) => route === POST);
  expect(sent.map(({ body }) => body)).toEqual([
    { price: 49000, per: 34 },
    { price: 49000, per: 34, confirm: true },
  ]);
  expect(sent[0]?.key).not.toBe(sent[1]?.key);
});

test("a confirmed price whose response was lost is reported again by the same request", async () => {
  const routes = shop(unusual);
  const add = routes[POST];
  const lost = [problem(503)];
  const { api, user } = await openSite(
    "/prices/11",
    {
      ...routes,
      [POST]: (call) => {
        const answer = add?.(call) ?? {};
        return (call.body as { confirm?: boolean }).confirm ? (lost.shift() ?? answer) : answer;
      },
    },
    login(),
  );
  await report(user, "49000", "34");
  await user.click(await screen.findByRole("button", { name: "네, 이 값이 맞아요" }));
  expect(await inForm().findByText(/잠시 뒤/u)).toBeInTheDocument();
  await report(user, "49000", "34");
  expect(await screen.findByText("고마워요. 새 값을 적었어요.")).toBeInTheDocument();
  const [, confirmed, again] = api.calls.filter(({ route }) => route === POST);
  expect(again?.body).toEqual(confirmed?.body);
  expect(again?.key).toBe(confirmed?.key);
});

test("a confirmed price that the API refuses is asked for again", async () => {
  const { api, user } = await openSite(
    "/prices/11",
    { ...shop(unusual), [POST]: ({ body }) => ((body as { confirm?: boolean }).confirm ? problem(422) : unusual()) },
    login(),
  );
  await report(user, "49000", "34");
  await user.click(await screen.findByRole("button", { name: "네, 이 값이 맞아요" }));
  await waitFor(() => expect(api.count(POST)).toBe(2));
  await report(user, "49000", "34");
  await waitFor(() => expect(api.count(POST)).toBe(3));
  expect(api.calls.filter(({ route }) => route === POST).map(({ body }) => (body as { confirm?: boolean }).confirm)).toEqual([undefined, true, undefined]);
});

test("a corrected typing error sends no request to the API", async () => {
  const { api, user } = await openSite("/prices/11", shop(({ body }) => ((body as Price).per === 34 ? unusual() : problem(500))), login());
  await report(user, "490", "34");
  expect(await screen.findByRole("button", { name: "네, 이 값이 맞아요" })).toBeInTheDocument();
  await user.type(screen.getByLabelText("양 (g)"), "0");
  expect(screen.queryByRole("button", { name: "네, 이 값이 맞아요" }), "another price is not confirmed by it").not.toBeInTheDocument();
  expect(api.count(POST)).toBe(1);
});

test("a much lower price has a different question", async () => {
  const { user } = await openSite("/prices/11", shop(unusual), login());
  await report(user, "490", "340");
  expect(await screen.findByRole("group", { name: /약 10분의 1로 싸져요/u })).toBeInTheDocument();
});

test("a user withdraws a price right after reporting it", async () => {
  const { api, user } = await openSite("/prices/11", shop(), login());
  await report(user, "5000", "340");
  await user.click(await inForm().findByRole("button", { name: "340 g에 5,000원, 이 값 되돌리기" }));
  await waitFor(() => expect(api.count("DELETE /ingredients/11/prices/2")).toBe(1));
  await waitFor(() => expect(rows()).toEqual(["340 g에 4,900원"]));
  expect(screen.queryByText("고마워요. 새 값을 적었어요.")).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /되돌리기/u, hidden: true })).not.toBeInTheDocument();
});

test("a user withdraws a price later, in the table; prices of others cannot be withdrawn", async () => {
  const routes = shop();
  await routes[POST]?.({ body: { price: 5000, per: 340 } } as Parameters<NonNullable<Routes[string]>>[0]);
  const { user } = await openSite("/prices/11", routes, login());
  await user.click(await screen.findByText("표로 보기"));
  const [button, ...others] = await screen.findAllByRole("button", { name: /되돌리기/u });
  expect(others).toEqual([]);
  await user.click(button as HTMLElement);
  await waitFor(() => expect(rows()).toEqual(["340 g에 4,900원"]));
});

test("the reason for a refused withdrawal is next to the price", async () => {
  const routes = { ...shop(), "DELETE /ingredients/11/prices/2": () => problem(409, { type: "urn:hankki:problem:only-price" }) };
  const { user } = await openSite("/prices/11", routes, login());
  await report(user, "5000", "340");
  await user.click(await inForm().findByRole("button", { name: /되돌리기/u }));
  expect(await screen.findByText(/하나뿐인 값은 되돌릴 수 없어요/u)).toBeInTheDocument();
});

const points = (...won: number[]) => won.map((one, day) => ({ at: new Date(day).toISOString(), won: one }));
const beyond = (...won: number[]) => withoutOutliers(points(...won)).beyond.map((point) => point.won);
const scaleOf = (...won: number[]) => {
  const drawn = withoutOutliers(points(...won)).points.map((point) => point.won);
  return [Math.min(...drawn), Math.max(...drawn)];
};

test("a wrong price at any position does not set a chart's scale", () => {
  expect(scaleOf(1632, 83955, 1692)).toEqual([1632, 1692]);
  expect(beyond(1632, 83955, 1692)).toEqual([83955]);
  expect(scaleOf(83955, 1692), "at first").toEqual([1692, 1692]);
  expect(scaleOf(1632, 83955, 83960, 1700), "while others moved").toEqual([1632, 1700]);
  expect(scaleOf(1632, 1, 1692, 1700), "too cheap").toEqual([1632, 1700]);
});

test("a real change of the price stays on the scale", () => {
  expect(beyond(1000, 1000, 1000, 5000), "today's price").toEqual([]);
  expect(beyond(1000, 1400, 2000, 2600, 2900), "a rise over years").toEqual([]);
  expect(beyond(700)).toEqual([]);
  expect(beyond(0, 0, 0)).toEqual([]);
});

test("a recipe's chart lists values beyond its scale", async () => {
  const items = points(3200, 83955, 3300).map(({ at, won }) => ({ at, costPerMeal: won, ingredient: null }));
  await openSite("/recipes/1", {
    ...surroundings,
    "GET /recipes/1": () => ({ body: recipe }),
    "GET /recipes/1/cost-history": () => ({ body: { items } }),
  });
  expect(await screen.findByText("점으로 찍은 1번의 값은 눈금을 벗어나요: 83,955원")).toBeInTheDocument();
  expect(screen.getByRole("img", { name: /가장 비쌀 때 83,955원/u })).toBeInTheDocument();
  expect(screen.getByText("3,300원", { selector: "[aria-hidden] span" })).toBeInTheDocument();
});
