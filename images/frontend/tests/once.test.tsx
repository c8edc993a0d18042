import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { bodyOf, draftOf } from "../src/features/editor/draft";
import { readDraft, writeDraft } from "../src/features/editor/storage";
import { problem, type Answer, type Call, type Routes } from "./support/api";
import { ingredient, page, recipe, summary, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { held } from "./support/held";
import { openSite } from "./support/render";

afterEach(() => sessionStorage.clear());

/** An API that stores the created objects by idempotency key. `lost` replaces its responses. */
function creating(path: string, made: (body: never) => object) {
  const created = new Map<string, object>();
  const lost: Answer[] = [];
  const post = ({ key = "", body }: Call): Answer => {
    const [refused] = lost;
    if (refused?.status !== undefined && refused.status < 500) {
      return lost.shift() ?? {};
    }
    created.set(key, created.get(key) ?? made(body as never));
    return lost.shift() ?? { status: 201, body: created.get(key) };
  };
  const routes: Routes = {
    ...surroundings,
    "GET /me": () => ({ body: login().user }),
    "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
    "GET /me/shopping-list": () => ({ body: { version: 0, recipes: [], ticks: [] } }),
    "GET /recipes": () => page([summary(1, "김치찌개")]),
    "GET /ingredients": () => page([]),
    "GET /ingredients/11": () => ({ body: ingredient(11, "김치") }),
    "GET /ingredients/11/prices": () => ({ body: { items: [] } }),
    "GET /recipes/1": () => ({ body: recipe }),
    "PUT /recipes/1": ({ body }) => ({ body: { ...recipe, ...(body as object), ingredients: recipe.ingredients } }),
    [`POST ${path}`]: post,
  };
  const keys = (calls: Call[]) => calls.filter(({ route }) => route === `POST ${path}`).map(({ key }) => key);
  return { created, lost, routes, keys };
}

const recipes = () => creating("/recipes", (body: object) => ({ ...recipe, ...body, ingredients: recipe.ingredients, version: 3 }));
const keepDraft = () => writeDraft("new", { draft: draftOf(recipe), version: null, userId: 7 });
const save = () => screen.findByRole("button", { name: "저장" });
const isThere = () => screen.findByRole("heading", { level: 1, name: "김치찌개" });

/** The alert always exists and is empty at first, so the test waits for its text. */
const failureIsTold = () => waitFor(() => expect(screen.getByRole("alert")).not.toBeEmptyDOMElement());

test("a recipe saved again after a lost response, also after a reload, is created once", async () => {
  const { created, lost, routes, keys } = recipes();
  lost.push(problem(503), problem(502));
  keepDraft();
  const first = await openSite("/recipes/new", routes, login());
  await first.user.click(await save());
  await failureIsTold();
  await first.user.click(await save());
  await waitFor(() => expect(keys(first.api.calls)).toHaveLength(2));
  cleanup();
  const second = await openSite("/recipes/new", routes, login());
  await second.user.click(await save());
  await isThere();
  expect(created.size).toBe(1);
  expect(new Set([...keys(first.api.calls), ...keys(second.api.calls)]).size).toBe(1);
  expect(readDraft("new", 7)).toBeNull();
});

test("text typed after a lost response replaces the sent text", async () => {
  const { created, lost, routes } = recipes();
  lost.push(problem(503));
  keepDraft();
  const { api, user } = await openSite("/recipes/new", routes, login());
  await user.click(await save());
  await failureIsTold();
  fireEvent.change(screen.getByLabelText("한 줄 소개"), { target: { value: "더 맛있게" } });
  await user.click(await save());
  await isThere();
  expect(created.size).toBe(1);
  expect(api.calls.find(({ route }) => route === "PUT /recipes/1")?.body).toMatchObject({ summary: "더 맛있게", version: 3 });
});

test.each([24 * 3_600_000, undefined])("a recipe whose response was lost %s ms ago is created again only after a question", async (age) => {
  const { created, routes, keys } = recipes();
  const draft = draftOf(recipe);
  const sent = { key: "forgotten-by-the-api", body: bodyOf(draft), ...(age !== undefined && { at: Date.now() - age }) };
  writeDraft("new", { draft, version: null, userId: 7, sent });
  const { api, user } = await openSite("/recipes/new", routes, login());
  await user.click(await save());
  await failureIsTold();
  expect(within(screen.getByRole("alert")).getByRole("link", { name: "내 요리 보기" })).toHaveAttribute("href", "/my-recipes");
  expect(keys(api.calls)).toEqual([]);
  expect(readDraft("new", 7)?.sent?.key).toBe("forgotten-by-the-api");
  await user.click(screen.getByRole("button", { name: "새 요리로 저장" }));
  await isThere();
  expect(created.size).toBe(1);
  expect(keys(api.calls)).not.toContain("forgotten-by-the-api");
});

test("a request is sent again with its key for 22 hours", async () => {
  const { created, routes, keys } = recipes();
  const draft = draftOf(recipe);
  writeDraft("new", { draft, version: null, userId: 7, sent: { key: "known-to-the-api", body: bodyOf(draft), at: Date.now() - 22 * 3_600_000 } });
  const { api, user } = await openSite("/recipes/new", routes, login());
  await user.click(await save());
  await isThere();
  expect(created.size).toBe(1);
  expect(keys(api.calls)).toEqual(["known-to-the-api"]);
});

test("a recipe created from a draft that another tab continued is not replaced by the next one", async () => {
  const { created, lost, routes, keys } = recipes();
  const openIn = async (tab: string) => {
    cleanup();
    sessionStorage.setItem("hankki.tab", tab);
    const site = await openSite("/recipes/new", routes, login());
    await save();
    return site;
  };
  const type = (text: string) => fireEvent.change(screen.getByLabelText("요리 이름"), { target: { value: text } });
  sessionStorage.setItem("hankki.tab", "A");
  keepDraft();
  lost.push(problem(503));
  const first = await openIn("A");
  await first.user.click(await save());
  await failureIsTold();
  for (const [tab, text] of [["B", "된장찌개"], ["C", "된장찌개 끝"]] as const) {
    await openIn(tab);
    type(text);
  }
  const last = await openIn("C");
  await last.user.click(await save());
  await waitFor(() => expect(readDraft("new", 7), "no draft is left").toBeNull());
  expect(created.size).toBe(1);

  sessionStorage.setItem("hankki.tab", "D");
  keepDraft();
  const next = await openIn("D");
  type("김치전");
  await next.user.click(await save());
  await waitFor(() => expect(created.size).toBe(2));
  expect(next.api.count("PUT /recipes/1")).toBe(0);
  expect(new Set([first, last, next].flatMap(({ api }) => keys(api.calls))).size).toBe(2);
});

test("a refused recipe can be sent again, with another key", async () => {
  const { created, lost, routes, keys } = recipes();
  lost.push(problem(422));
  keepDraft();
  const { api, user } = await openSite("/recipes/new", routes, login());
  await user.click(await save());
  await failureIsTold();
  await user.click(await save());
  await isThere();
  expect(created.size).toBe(1);
  expect(new Set(keys(api.calls)).size).toBe(2);
});

test("two presses at the same moment create one recipe", async () => {
  const { created, routes } = recipes();
  keepDraft();
  await openSite("/recipes/new", routes, login());
  const form = (await save()).closest("form") as HTMLFormElement;
  form.requestSubmit();
  form.requestSubmit();
  await isThere();
  expect(created.size).toBe(1);
});

test("a price repeated after a lost response is reported once; the same price on another day is a second report", async () => {
  const { created, lost, routes } = creating("/ingredients/11/prices", () => ({ price: 900, per: 100, at: "2026-01-01T00:00:00Z" }));
  lost.push(problem(503));
  const { user, queryClient } = await openSite("/prices/11", routes, login());
  await user.type(await screen.findByLabelText("값 (원)"), "900");
  const report = screen.getByRole("button", { name: "새 값 알리기" });
  await user.click(report);
  await failureIsTold();
  await user.click(report);
  await waitFor(() => expect(created.size).toBe(1));
  await screen.findByText("고마워요. 새 값을 적었어요.");
  await waitFor(() => expect(queryClient.isMutating()).toBe(0));
  await user.click(report);
  await waitFor(() => expect(created.size).toBe(2));
});

test("a price that was withdrawn after a lost response can be reported again", async () => {
  const { created, lost, routes, keys } = creating("/ingredients/11/prices", () => ({ price: 900, per: 100, at: "2026-01-01T00:00:00Z" }));
  lost.push(problem(503));
  const { api, user } = await openSite("/prices/11", routes, login());
  await user.type(await screen.findByLabelText("값 (원)"), "900");
  const report = screen.getByRole("button", { name: "새 값 알리기" });
  await user.click(report);
  await failureIsTold();
  // The price was added and withdrawn: the API has the key, but no price for it.
  lost.push(problem(404));
  await user.click(report);
  await waitFor(() => expect(keys(api.calls)).toHaveLength(2));
  await failureIsTold();
  await user.click(report);
  await screen.findByText("고마워요. 새 값을 적었어요.");
  expect(created.size).toBe(2);
  const [first, second, third] = keys(api.calls);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test("an ingredient that was refused is sent again with another key, and with the same one after an outage", async () => {
  const { created, lost, routes, keys } = creating("/ingredients", () => ingredient(11, "김치"));
  lost.push(problem(503), problem(404), problem(429));
  const { api, user } = await openSite("/prices?q=김치", routes, login());
  await user.type(await screen.findByLabelText("값 (원)"), "900");
  const add = screen.getByRole("button", { name: "새 재료 더하기" });
  for (let times = 1; times <= 3; times += 1) {
    await user.click(add);
    await waitFor(() => expect(keys(api.calls)).toHaveLength(times));
    await waitFor(() => expect(add).not.toHaveAttribute("aria-disabled", "true"));
  }
  await user.click(add);
  expect(await screen.findByRole("heading", { level: 1, name: "김치" })).toBeInTheDocument();
  expect(created.size).toBe(2);
  const [first, second, third, fourth] = keys(api.calls);
  expect([second, fourth]).toEqual([first, third]);
  expect(third).not.toBe(first);
});

test("an ingredient repeated after a lost response is added once", async () => {
  const { created, lost, routes } = creating("/ingredients", () => ingredient(11, "김치"));
  lost.push(problem(503));
  const { user } = await openSite("/prices?q=김치", routes, login());
  await user.type(await screen.findByLabelText("값 (원)"), "900");
  const add = screen.getByRole("button", { name: "새 재료 더하기" });
  await user.click(add);
  await screen.findByText(/지금은 서버가 바빠요/u);
  await user.click(add);
  expect(await screen.findByRole("heading", { level: 1, name: "김치" })).toBeInTheDocument();
  expect(created.size).toBe(1);
});

test("a user who leaves the page while a recipe is saved is not sent back, and the recipe is saved", async () => {
  const { created, routes } = recipes();
  const { waiting, letGo } = held(routes["POST /recipes"] ?? (() => ({})));
  keepDraft();
  const { api, user, queryClient } = await openSite("/recipes/new", { ...routes, "POST /recipes": waiting }, login());
  await user.click(await save());
  await waitFor(() => expect(api.count("POST /recipes")).toBe(1));
  await user.click(screen.getByRole("link", { name: "재료값" }));
  await screen.findByRole("heading", { level: 1, name: "재료값" });
  letGo();
  await waitFor(() => expect(queryClient.isMutating()).toBe(0));
  expect(created.size).toBe(1);
  expect(readDraft("new", 7)).toBeNull();
  expect(screen.queryByRole("heading", { level: 1, name: "김치찌개" })).not.toBeInTheDocument();
});

test("a user who leaves the page while a recipe is deleted or an ingredient added is not sent back", async () => {
  const removing = held(() => ({ status: 204 }));
  const { routes } = recipes();
  const first = await openSite("/recipes/1", { ...routes, "DELETE /recipes/1": removing.waiting }, login());
  await first.user.click(await screen.findByRole("button", { name: "지우기" }));
  await first.user.click(await screen.findByRole("button", { name: "네, 지울래요" }));
  await first.user.click(screen.getByRole("link", { name: "재료값" }));
  await screen.findByRole("heading", { level: 1, name: "재료값" });
  removing.letGo();
  await waitFor(() => expect(first.queryClient.isMutating()).toBe(0));
  expect(screen.getByRole("heading", { level: 1, name: "재료값" })).toBeInTheDocument();
  cleanup();

  const adding = held(() => ({ status: 201, body: ingredient(11, "김치") }));
  const second = await openSite("/prices?q=김치", { ...routes, "POST /ingredients": adding.waiting }, login());
  await second.user.type(await screen.findByLabelText("값 (원)"), "900");
  await second.user.click(screen.getByRole("button", { name: "새 재료 더하기" }));
  await second.user.click(screen.getByRole("link", { name: /한끼얼마/u }));
  await screen.findByRole("link", { name: /김치찌개/u });
  adding.letGo();
  await waitFor(() => expect(second.queryClient.isMutating()).toBe(0));
  expect(screen.getByRole("link", { name: /김치찌개/u })).toBeInTheDocument();
});
