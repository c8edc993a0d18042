import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { ShoppingItem } from "../src/api/shopping";
import { choiceKey, ticksKey } from "../src/features/shopping/choice";
import { problem, type Routes } from "./support/api";
import { ingredient, page } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const item = (ingredientId: number, name: string, aisle?: string | null): ShoppingItem => ({ ingredientId, name, quantity: 1, unit: "g", cost: 10, aisle });
const stew = { id: 1, title: "김치찌개", servings: 2 };

async function openList(...items: ShoppingItem[]) {
  localStorage.setItem(choiceKey, JSON.stringify([stew]));
  const body = { recipes: [{ ...stew, cost: 100 }], items, total: 100, packsTotal: 200 };
  const site = await openSite("/shopping-list", { "GET /shopping-list": () => ({ body }) });
  return { ...site, list: within(await screen.findByRole("region", { name: "살 것" })) };
}

const headings = () => screen.queryAllByRole("heading", { level: 3 }).map(({ textContent }) => textContent);

/** The lists of the page by name, with their items. */
const lists = () =>
  within(screen.getByRole("region", { name: "살 것" }))
    .getAllByRole("list")
    .map((one) => [one.getAttribute("aria-labelledby") && document.getElementById(one.getAttribute("aria-labelledby") ?? "")?.textContent, within(one).getAllByRole("checkbox").map((box) => box.parentElement?.querySelector("span")?.textContent).join()]);

test("the list is grouped by aisle, with unknown aisles and items without an aisle at the end", async () => {
  const { user, list } = await openList(
    item(1, "대파", "vegetables"),
    item(2, "양파", "vegetables"),
    item(3, "삼겹살", "meat"),
    item(4, "향초", "candles"),
    item(5, "간장", "seasonings"),
    item(6, "돌", null),
    item(7, "흙"),
  );
  expect(lists()).toEqual([["채소·버섯", "대파,양파"], ["정육", "삼겹살"], ["양념·기름", "간장"], ["그 밖에", "향초,돌,흙"]]);
  expect(screen.getByText("7가지 가운데 0가지 담음")).toBeInTheDocument();
  await user.click(list.getByRole("checkbox", { name: /양파/u }));
  expect(lists()[0], "what is ticked stays where it is").toEqual(["채소·버섯", "대파,양파"]);
  expect(JSON.parse(localStorage.getItem(ticksKey) ?? "[]")).toMatchObject([{ ingredientId: 2 }]);
  await user.click(screen.getByRole("button", { name: "English" }));
  await waitFor(() => expect(headings()).toEqual(["Vegetables", "Meat", "Seasonings and oil", "Everything else"]));
});

test("the list of a pod of the previous version, which returns no aisles, has no headings", async () => {
  await openList(item(1, "가지"), item(2, "나물"));
  expect(headings()).toEqual([]);
  expect(lists()).toEqual([[null, "가지,나물"]]);
});

test("the copied text has the aisles too", async () => {
  const { user } = await openList(item(1, "대파", "vegetables"), item(2, "돌", null));
  const copied = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve());
  vi.stubGlobal("isSecureContext", true);
  vi.spyOn(navigator.clipboard, "writeText").mockImplementation(copied);
  await user.click(screen.getByRole("button", { name: "글로 복사" }));
  expect(copied.mock.calls[0]?.[0]).toContain("\n\n[채소·버섯]\n- 대파 1 g, 10원\n\n[그 밖에]\n- 돌 1 g, 10원\n\n모두");
});

test("a cook sets the aisle of an item on the list, and the item moves there with the focus", async () => {
  localStorage.setItem(choiceKey, JSON.stringify([stew]));
  let aisle: string | null = null;
  const { api, user } = await openSite(
    "/shopping-list",
    {
      "GET /me": () => ({ body: login().user }),
      "GET /me/shopping-list": () => ({ body: { version: 1, recipes: [stew], ticks: [] } }),
      "PUT /me/shopping-list": () => ({ body: { version: 2, recipes: [stew], ticks: [] } }),
      "GET /shopping-list": () => ({ body: { recipes: [{ ...stew, cost: 100 }], items: [item(1, "대파", "vegetables"), item(6, "육포", aisle), item(7, "향초", "candles")], total: 100 } }),
      "PUT /ingredients/6/aisle": ({ body }) => {
        ({ aisle } = body as { aisle: string | null });
        return { body: { ...ingredient(6, "육포"), aisle } };
      },
    },
    login(),
  );
  const ask = await screen.findByText("어느 코너에 있나요?");
  expect(ask, "an aisle that only a later release knows is set").toHaveTextContent("육포, 어느 코너에 있나요?");
  await user.click(ask);
  await user.selectOptions(screen.getByLabelText("매장 코너"), "정육");
  await user.click(screen.getByRole("button", { name: "코너 알리기" }));
  await waitFor(() => expect(lists()).toEqual([["채소·버섯", "대파"], ["정육", "육포"], ["그 밖에", "향초"]]));
  expect(api.calls.find(({ route }) => route === "PUT /ingredients/6/aisle")?.body).toEqual({ aisle: "meat" });
  await waitFor(() => expect(screen.getByRole("checkbox", { name: /육포/u })).toHaveFocus());
  expect(screen.getByText("육포 코너를 적었어요: 정육")).toBeInTheDocument();
  expect(screen.queryByText("어느 코너에 있나요?")).not.toBeInTheDocument();
});

test("a visitor is sent to the login, and back to the list", async () => {
  localStorage.setItem(choiceKey, JSON.stringify([stew]));
  const body = { recipes: [{ ...stew, cost: 100 }], items: [item(1, "대파", "vegetables"), item(6, "육포", null)], total: 100 };
  const { user } = await openSite("/shopping-list", {
    "GET /shopping-list": () => ({ body }),
    "POST /auth/login": () => ({ body: login() }),
    "GET /me": () => ({ body: login().user }),
    "GET /me/shopping-list": () => ({ body: { version: 1, recipes: [stew], ticks: [] } }),
    "PUT /me/shopping-list": () => ({ body: { version: 2, recipes: [stew], ticks: [] } }),
  });
  await user.click(await screen.findByText("어느 코너에 있나요?"));
  await user.click(screen.getByRole("link", { name: "로그인하고 코너 알리기" }));
  await user.type(await screen.findByLabelText("이메일"), "cook@example.com");
  await user.type(screen.getByLabelText("비밀번호"), "correct horse");
  await user.click(screen.getByRole("button", { name: "로그인" }));
  await user.click(await screen.findByText("어느 코너에 있나요?"));
  expect(screen.getByRole("button", { name: "코너 알리기" })).toBeInTheDocument();
});

const one: Routes = { "GET /me": () => ({ body: login().user }), "GET /me/prices/ids": () => ({ body: { ids: [], nextCursor: null } }), "GET /ingredients/11/prices": () => page([]) };

test("a cook sets and corrects the aisle of an ingredient", async () => {
  let aisle: string | null = null;
  const { api, user } = await openSite(
    "/prices/11",
    {
      ...one,
      "GET /ingredients/11": () => ({ body: { ...ingredient(11, "김치"), aisle } }),
      "PUT /ingredients/11/aisle": ({ body }) => {
        ({ aisle } = body as { aisle: string | null });
        return { body: { ...ingredient(11, "김치"), aisle } };
      },
    },
    login(),
  );
  const choice = await screen.findByLabelText("매장 코너");
  expect(choice).toHaveDisplayValue("잘 모르겠어요");
  for (const [name, sent] of [["채소·버섯", "vegetables"], ["두부·김치·냉장", "chilled"], ["잘 모르겠어요", null]] as const) {
    await user.selectOptions(choice, name);
    await user.click(screen.getByRole("button", { name: "코너 알리기" }));
    await waitFor(() => expect(api.calls.findLast(({ route }) => route.startsWith("PUT"))?.body).toEqual({ aisle: sent }));
    expect(await screen.findByText("고마워요. 코너를 적었어요.")).toBeInTheDocument();
    expect(choice).toHaveDisplayValue(name);
  }
});

test("a visitor sees the aisle; an aisle of a later release is shown by its API name", async () => {
  const site = (aisle: string | null) => ({ ...one, "GET /ingredients/11": () => ({ body: { ...ingredient(11, "김치"), aisle } }) });
  await openSite("/prices/11", site("chilled"));
  const shown = within(await screen.findByRole("region", { name: "어느 코너에 있나요?" }));
  expect(shown.getByText("두부·김치·냉장")).toBeInTheDocument();
  expect(shown.getByRole("link", { name: "로그인하고 코너 알리기" })).toHaveAttribute("href", "/login");
});

test("an aisle of a later release stays selected", async () => {
  await openSite("/prices/11", { ...one, "GET /ingredients/11": () => ({ body: { ...ingredient(11, "김치"), aisle: "candles" } }) }, login());
  expect(await screen.findByLabelText("매장 코너")).toHaveDisplayValue("candles");
});

test("an aisle that could not be saved is reported", async () => {
  const { user } = await openSite("/prices/11", { ...one, "GET /ingredients/11": () => ({ body: ingredient(11, "김치") }), "PUT /ingredients/11/aisle": () => problem(503) }, login());
  await user.selectOptions(await screen.findByLabelText("매장 코너"), "정육");
  await user.click(screen.getByRole("button", { name: "코너 알리기" }));
  expect(await screen.findByText(/지금은 서버가 바빠요/u)).toBeInTheDocument();
  expect(screen.getByLabelText("매장 코너")).toHaveDisplayValue("정육");
});

test.each([
  ["this version", false, [{ aisle: "meat" }]],
  ["the previous version, which refuses unknown fields", true, [{ aisle: "meat" }, {}]],
])("an ingredient is added with its aisle to a pod of %s", async (_, old, sent) => {
  const { api, user } = await openSite(
    "/prices?q=육포",
    {
      ...one,
      "GET /ingredients": () => page([]),
      "GET /ingredients/11": () => ({ body: ingredient(11, "육포") }),
      "POST /ingredients": ({ body }) =>
        old && "aisle" in (body as object) ? problem(422, { errors: [{ pointer: "#/aisle", detail: "Unknown field." }] }) : { status: 201, body: ingredient(11, "육포") },
    },
    login(),
  );
  await user.type(await screen.findByLabelText("값 (원)"), "8000");
  await user.selectOptions(screen.getByLabelText("매장 코너"), "정육");
  await user.click(screen.getByRole("button", { name: "새 재료 더하기" }));
  expect(await screen.findByRole("heading", { level: 1, name: "육포" })).toBeInTheDocument();
  const posts = api.calls.filter(({ route }) => route === "POST /ingredients").map(({ body }) => body);
  expect(posts).toEqual(sent.map((more) => ({ name: "육포", unit: "g", price: 8000, per: 100, ...more })));
});
