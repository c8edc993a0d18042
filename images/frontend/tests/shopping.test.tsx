import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { ShoppingList } from "../src/api/shopping";
import { choiceKey, choose, isFull, ticksKey } from "../src/features/shopping/choice";
import { problem, type Routes } from "./support/api";
import { recipe, surroundings } from "./support/catalogue";
import { openSite } from "./support/render";

const stew = { id: 1, title: "김치찌개", servings: 2 };
const rice = { id: 2, title: "비빔밥", servings: 3 };
const keep = (...choice: object[]) => localStorage.setItem(choiceKey, JSON.stringify(choice));

const list: ShoppingList = {
  recipes: [
    { ...stew, cost: 6401 },
    { ...rice, cost: 9000 },
  ],
  items: [
    { ingredientId: 11, name: "김치", quantity: 450.5, unit: "g", cost: 3604 },
    { ingredientId: 12, name: "두부", quantity: 2, unit: "piece", cost: 11_797 },
  ],
  total: 15_401,
};
const routes: Routes = { "GET /shopping-list": () => ({ body: list }) };

test("a recipe is on the list once, with the servings chosen last", () => {
  expect(choose([stew, rice], { ...stew, servings: 5 })).toEqual([{ ...stew, servings: 5 }, rice]);
  expect(choose([stew], rice)).toEqual([stew, rice]);
  const full = Array.from({ length: 30 }, (_, place) => ({ ...stew, id: place + 1 }));
  expect([isFull(full, 31), isFull(full, 30)]).toEqual([true, false]);
});

test("a recipe is added to the list", async () => {
  const { api, user } = await openSite("/recipes/1", { ...routes, ...surroundings, "GET /recipes/1": () => ({ body: recipe }) });
  await user.click(await screen.findByRole("button", { name: "2인분 장보기에 담기" }));
  expect(screen.getByText("2인분을 장보기에 담았어요.")).toBeInTheDocument();
  expect(JSON.parse(localStorage.getItem(choiceKey) ?? "[]")).toEqual([stew]);
  await user.click(screen.getByRole("link", { name: "장보기 목록 보기" }));
  expect(await screen.findByRole("region", { name: "살 것" })).toBeInTheDocument();
  expect(api.calls.findLast(({ route }) => route === "GET /shopping-list")?.query.getAll("recipe")).toEqual(["1:2"]);
});

test("the list adds up quantities, can be ticked, and is scaled to the servings", async () => {
  keep(stew, rice, { id: -1, title: "damaged" });
  const { api, user } = await openSite("/shopping-list", routes);
  const items = within(await screen.findByRole("region", { name: "살 것" }));
  expect(items.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["김치450.5 g3,604원", "두부2개11,797원"]);
  expect(screen.getByTestId("shopping-total")).toHaveTextContent("15,401원");
  await user.click(items.getByRole("checkbox", { name: /두부/u }));
  expect(screen.getByText("2가지 가운데 1가지 담음")).toBeInTheDocument();
  expect(JSON.parse(localStorage.getItem(ticksKey) ?? "[]")).toEqual([{ ingredientId: 12, quantity: 2, unit: "piece", recipes: [1, 2] }]);

  await user.selectOptions(screen.getByRole("combobox", { name: "비빔밥 몇 인분" }), "4인분");
  await waitFor(() => expect(api.calls.at(-1)?.query.getAll("recipe")).toEqual(["1:2", "2:4"]));
  await user.click(screen.getByRole("button", { name: "김치찌개 빼기" }));
  await waitFor(() => expect(api.calls.at(-1)?.query.getAll("recipe")).toEqual(["2:4"]));
  await user.click(await screen.findByRole("button", { name: "모두 비우기" }));
  expect(screen.getByText("담은 요리가 없어요.")).toBeInTheDocument();
  expect(localStorage.getItem(ticksKey)).toBe("[]");
});

test("the packs to buy are next to the used quantities, on the page and in the copied text", async () => {
  keep(stew);
  const [kimchi, tofu] = list.items as [ShoppingList["items"][number], ShoppingList["items"][number]];
  const items = [
    { ...kimchi, price: 8000, per: 1000, packs: 1 },
    { ...tofu, price: 5900, per: 0.8, packs: 3 },
    { ...kimchi, ingredientId: 13, name: "소금", quantity: 0, cost: 0, price: 2500, per: 1000, packs: 0 },
  ];
  const { user } = await openSite("/shopping-list", { "GET /shopping-list": () => ({ body: { ...list, items, packsTotal: 25_700 } }) });
  const shown = within(await screen.findByRole("region", { name: "살 것" })).getAllByRole("listitem");
  expect(shown.map((item) => item.textContent)).toEqual([
    "김치450.5 g3,604원1,000 g에 8,000원",
    "두부2개11,797원0.8개에 5,900원 × 3 = 17,700원",
    "소금0 g0원1,000 g에 2,500원",
  ]);
  expect(screen.getByTestId("packs-total")).toHaveTextContent("25,700원");
  expect(screen.getByTestId("shopping-total")).toHaveTextContent("15,401원");
  const copied = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve());
  vi.stubGlobal("isSecureContext", true);
  vi.spyOn(navigator.clipboard, "writeText").mockImplementation(copied);
  await user.click(screen.getByRole("button", { name: "글로 복사" }));
  expect(copied.mock.calls[0]?.[0]).toContain("- 두부 2개, 11,797원 (0.8개에 5,900원 × 3 = 17,700원)\n");
  expect(copied.mock.calls[0]?.[0]).toMatch(/모두 15,401원\n포장째 사면 25,700원$/u);
});

test("a renamed recipe has its new title, also in the names of its controls", async () => {
  keep({ ...stew, title: "김치국" }, rice);
  await openSite("/shopping-list", routes);
  const chosen = within(await screen.findByRole("region", { name: "담은 요리" }));
  expect(await chosen.findByRole("link", { name: "김치찌개" })).toHaveAttribute("href", "/recipes/1");
  expect(chosen.getByRole("combobox", { name: "김치찌개 몇 인분" })).toBeInTheDocument();
  expect(chosen.getByRole("button", { name: "김치찌개 빼기" })).toBeInTheDocument();
  expect(screen.queryByText("김치국")).not.toBeInTheDocument();
});

test("a recipe has its stored title while the list is not loaded", async () => {
  keep(stew);
  await openSite("/shopping-list", { "GET /shopping-list": () => problem(503) });
  expect(await screen.findByRole("link", { name: "김치찌개" })).toBeInTheDocument();
});

test("the list is copied as text, also over plain HTTP", async () => {
  keep(stew, rice);
  const { user } = await openSite("/shopping-list", routes);
  vi.stubGlobal("isSecureContext", false);
  let copied = "";
  // jsdom has no execCommand. Like a browser's, this one copies the selection.
  document.execCommand = vi.fn<() => boolean>(() => {
    copied = (document.activeElement as HTMLTextAreaElement).value;
    return true;
  });
  await user.click(await screen.findByRole("button", { name: "글로 복사" }));
  expect(await screen.findByText("복사했어요.")).toBeInTheDocument();
  expect(copied).toBe(
    "장보기 목록\n· 김치찌개 (2인분)\n· 비빔밥 (3인분)\n\n- 김치 450.5 g, 3,604원\n- 두부 2개, 11,797원\n\n모두 15,401원",
  );
  expect(screen.getByRole("button", { name: "글로 복사" })).toHaveFocus();
});

test("deleted recipes are removed from the list on demand", async () => {
  keep(stew, rice);
  const { user } = await openSite("/shopping-list", {
    "GET /recipes/1": () => ({ body: recipe }),
    "GET /recipes/2": () => problem(404),
    "GET /shopping-list": ({ query }) => (query.getAll("recipe").includes("2:3") ? problem(404) : { body: { ...list, recipes: [list.recipes[0]] } }),
  });
  await user.click(await screen.findByRole("button", { name: "없어진 요리 빼기" }));
  expect(await screen.findByRole("region", { name: "살 것" })).toBeInTheDocument();
  expect(JSON.parse(localStorage.getItem(choiceKey) ?? "[]")).toEqual([stew]);
});

test("a loaded list stays if it cannot be reloaded, and the page reports that", async () => {
  keep(stew, rice);
  let down = false;
  const { user, queryClient } = await openSite("/shopping-list", { "GET /shopping-list": () => (down ? problem(503) : { body: list }) });
  await user.click(await screen.findByRole("checkbox", { name: /두부/u }));
  down = true;
  await queryClient.invalidateQueries();
  expect(await screen.findByRole("alert")).toHaveTextContent("지금은 서버가 바빠요.");
  expect(screen.getByRole("checkbox", { name: /두부/u })).toBeChecked();
  expect(screen.getByTestId("shopping-total")).toHaveTextContent("15,401원");
  down = false;
  await user.click(screen.getByRole("button", { name: "다시 시도" }));
  await waitFor(() => expect(screen.queryByRole("alert")).not.toBeInTheDocument());
});

test("a damaged choice is ignored, and an unavailable server is reported", async () => {
  localStorage.setItem(choiceKey, "{");
  const empty = await openSite("/shopping-list", {});
  expect(await screen.findByText("담은 요리가 없어요.")).toBeInTheDocument();
  expect(empty.api.calls).toEqual([]);
  cleanup();
  keep(stew);
  await openSite("/shopping-list", { "GET /shopping-list": () => problem(503) });
  expect(await screen.findByRole("alert")).toHaveTextContent("지금은 서버가 바빠요.");
  expect(screen.getByRole("link", { name: "김치찌개" }), "what was chosen stays").toBeInTheDocument();
});
