import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import { expect, onTestFinished, test, vi } from "vitest";
import type { OwnList } from "../src/api/shopping";
import { choiceKey, ticksKey, type Chosen } from "../src/features/shopping/choice";
import { isSame, merge } from "../src/features/shopping/merge";
import { problem, type Call, type Routes } from "./support/api";
import { recipe, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const chosen = (id: number, servings = 2): Chosen => ({ id, title: `요리 ${id}`, servings });
const ticked = (ingredientId: number, ...recipes: number[]) => ({ ingredientId, quantity: 300, unit: "g", recipes });
const list = (recipes: Chosen[], ticks: ReturnType<typeof ticked>[] = []) => ({ recipes, ticks });

test("a merge keeps the changes of both lists", () => {
  const base = list([chosen(1), chosen(2), chosen(3)], [ticked(11, 1), ticked(12, 2)]);
  const mine = list([chosen(1, 4), chosen(3), chosen(5)], [ticked(11, 1)]);
  const theirs = list([chosen(1), chosen(2), chosen(4)], [ticked(11, 1), ticked(12, 2), ticked(13, 4)]);
  expect(merge(base, mine, theirs)).toEqual({ ...list([chosen(1, 4), chosen(4), chosen(5)], [ticked(11, 1), ticked(13, 4)]), left: [] });
  expect(merge(list([]), mine, list([]))).toEqual({ ...mine, left: [] });
  expect(merge(base, base, theirs), "nothing was changed here").toEqual({ ...theirs, left: [] });
});

test("after a merge both sides have the same list in the same order", () => {
  const base = list([chosen(1)]);
  const here = merge(base, list([chosen(1), chosen(2)]), list([chosen(1), chosen(3)]));
  expect(isSame(merge(list([chosen(1), chosen(3)]), list([chosen(1), chosen(3)]), here), here)).toBe(true);
});

const some = (from: number, count = 20) => Array.from({ length: count }, (_, place) => chosen(from + place));

test("if not all recipes fit, those of the account stay, and those of this device are left over", () => {
  const { recipes, left } = merge(list([]), list(some(100)), list(some(1)));
  expect(recipes).toEqual([...some(1), ...some(100, 10)]);
  expect(left).toEqual(some(110, 10));
  expect(merge(list(some(1, 30)), list([...some(2, 29), chosen(100)]), list(some(1, 30))).left, "one was taken out for it").toEqual([]);
});

/** An account's list in the API. */
function account(kept: OwnList = { version: 0, ...list([]) }) {
  const state = { kept, failing: 0 };
  const put = ({ body }: Call) => {
    if (state.failing > 0) {
      state.failing -= 1;
      return problem(503);
    }
    const sent = body as OwnList;
    if (sent.version !== state.kept.version) {
      return problem(409, { type: "urn:hankki:problem:shopping-list-changed" });
    }
    state.kept = { ...sent, version: sent.version + 1 };
    return { body: state.kept };
  };
  const routes: Routes = {
    ...surroundings,
    "GET /recipes/1": () => ({ body: recipe }),
    "GET /me": () => ({ body: login().user }),
    "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
    "GET /me/shopping-list": () => ({ body: state.kept }),
    "PUT /me/shopping-list": put,
    "POST /auth/logout": () => ({ status: 204 }),
    "GET /shopping-list": ({ query }) => ({
      body: {
        recipes: [],
        items: [{ ingredientId: 11, name: "김치", quantity: 300, unit: "g", cost: 1, recipes: query.getAll("recipe").map((text) => Number.parseInt(text, 10)) }],
        total: 1,
      },
    }),
  };
  return { state, routes };
}

const keep = (...choice: Chosen[]) => localStorage.setItem(choiceKey, JSON.stringify(choice));
const titles = () => screen.queryAllByRole("link", { name: /^요리 \d$/u }).map(({ textContent }) => textContent);
/** Another device, or this one without its site data: only the login is left. */
const onAnotherDevice = () => {
  cleanup();
  localStorage.clear();
};

test("the list and its ticks appear on another device of the account", async () => {
  const { state, routes } = account();
  keep(chosen(1), chosen(2));
  const { user } = await openSite("/shopping-list", routes, login());
  await user.click(await screen.findByRole("checkbox", { name: /김치/u }));
  await waitFor(() => expect(state.kept).toMatchObject(list([chosen(1), chosen(2)], [ticked(11, 1, 2)])));
  onAnotherDevice();
  await openSite("/shopping-list", routes, login());
  await waitFor(() => expect(titles()).toEqual(["요리 1", "요리 2"]));
  expect(await screen.findByRole("checkbox", { name: /김치/u })).toBeChecked();
});

test("recipes chosen without a login are merged into the account's list, and a logout does not change that list", async () => {
  const { state, routes } = account({ version: 5, ...list([chosen(3)]) });
  keep(chosen(1));
  const { user, session } = await openSite("/shopping-list", routes, login());
  await waitFor(() => expect(state.kept).toEqual({ version: 6, ...list([chosen(3), chosen(1)]) }));
  await user.click(screen.getByRole("button", { name: "로그아웃" }));
  await waitFor(() => expect(session()).toBeNull());
  expect(await screen.findByText("담은 요리가 없어요.")).toBeInTheDocument();
  expect(state.kept).toEqual({ version: 6, ...list([chosen(3), chosen(1)]) });
});

test("a recipe removed on another device is removed here too, and changes made here meanwhile stay", async () => {
  const { state, routes } = account();
  keep(chosen(1), chosen(2));
  const { user } = await openSite("/shopping-list", routes, login());
  await waitFor(() => expect(state.kept.version).toBe(1));
  state.kept = { version: 2, ...list([chosen(2), chosen(4)]) };
  // This device does not know the change yet: the API refuses, and both changes are kept.
  await user.selectOptions(screen.getByRole("combobox", { name: "요리 2 몇 인분" }), "5인분");
  await waitFor(() => expect(state.kept).toEqual({ version: 3, ...list([chosen(2, 5), chosen(4)]) }));
  expect(titles()).toEqual(["요리 2", "요리 4"]);
});

test("the list works while the API is unavailable, and is sent when the API responds again", async () => {
  const { state, routes } = account();
  const { user, queryClient, api } = await openSite("/recipes/1", routes, login());
  await waitFor(() => expect(api.count("GET /me/shopping-list")).toBe(1));
  state.failing = 3;
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 500 });
  onTestFinished(() => void vi.useRealTimers());
  await user.click(await screen.findByRole("button", { name: "2인분 장보기에 담기" }));
  await waitFor(() => expect(api.count("PUT /me/shopping-list")).toBe(3));
  await waitFor(() => expect(queryClient.isMutating()).toBe(0));
  expect(state.kept.version).toBe(0);
  await act(() => queryClient.refetchQueries({ queryKey: ["mine", 7, "shopping-list"] }));
  await waitFor(() => expect(state.kept.recipes).toEqual([{ id: 1, title: "김치찌개", servings: 2 }]));
});

test("with a pod of the previous version, which has no lists, the device's list works", async () => {
  const { "GET /me/shopping-list": _, ...routes } = account().routes;
  keep(chosen(1));
  const { user, api } = await openSite("/shopping-list", routes, login());
  await user.click(await screen.findByRole("checkbox", { name: /김치/u }));
  expect(screen.getByRole("checkbox", { name: /김치/u })).toBeChecked();
  expect(api.count("PUT /me/shopping-list")).toBe(0);
});

test("a user who logs in after another cook's session expired does not get that cook's list", async () => {
  const { state, routes } = account({ version: 1, ...list([chosen(9)]) });
  keep(chosen(1), chosen(2));
  localStorage.setItem(ticksKey, "[]");
  localStorage.setItem("hankki.shopping.synced", JSON.stringify({ userId: 6, version: 4, ...list([chosen(1)]) }));
  await openSite("/shopping-list", routes, login());
  await waitFor(() => expect(titles()).toEqual(["요리 9", "요리 2"]));
  await waitFor(() => expect(state.kept.recipes.map(({ id }) => id)).toEqual([9, 2]));
});

test("recipes that do not fit on the account's list are reported, stay on this device, and can be added later", async () => {
  const { state, routes } = account({ version: 1, ...list(some(1, 29)) });
  keep(chosen(40), chosen(41, 3), chosen(42));
  const { user } = await openSite("/shopping-list", routes, login());
  const left = within(await screen.findByRole("region", { name: "자리가 없어 담지 못한 요리" }));
  expect(left.getByText(/요리를 30가지까지 담을 수 있어요/u)).toBeInTheDocument();
  expect(left.getAllByRole("link").map(({ textContent }) => textContent)).toEqual(["요리 41", "요리 42"]);
  expect(left.queryByRole("button", { name: "요리 41 담기" }), "there is no room").not.toBeInTheDocument();
  await waitFor(() => expect(state.kept.recipes).toEqual([...some(1, 29), chosen(40)]));

  await user.click(screen.getByRole("button", { name: "요리 5 빼기" }));
  await user.click(left.getByRole("button", { name: "요리 41 담기" }));
  await waitFor(() => expect(state.kept.recipes).toContainEqual(chosen(41, 3)));
  expect(state.kept.recipes).toHaveLength(30);
  expect(left.getAllByRole("link").map(({ textContent }) => textContent)).toEqual(["요리 42"]);

  cleanup();
  const again = await openSite("/shopping-list", routes, login());
  await again.user.click(await screen.findByRole("button", { name: "요리 42 빼기" }));
  expect(screen.queryByRole("region", { name: "자리가 없어 담지 못한 요리" })).not.toBeInTheDocument();
});
