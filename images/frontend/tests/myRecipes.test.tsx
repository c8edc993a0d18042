import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { problem, type Routes } from "./support/api";
import { page, recipe, summary, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const routes = (own: Routes[string]): Routes => ({
  ...surroundings,
  "GET /me": () => ({ body: login().user }),
  "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
  "GET /recipes": () => page([]),
  "GET /me/recipes": own,
});
const none = "아직 적은 요리가 없어요.";

test("the page of the user's recipes shows them, page by page", async () => {
  const own: Routes[string] = ({ query }) =>
    query.get("cursor") === "next" ? page([summary(1, "김치찌개")]) : page([summary(2, "된장찌개")], "next");
  const { api, user } = await openSite("/", routes(own), login());
  await user.click(await screen.findByRole("link", { name: "내 요리" }));
  expect(await screen.findByRole("article")).toHaveTextContent("된장찌개");
  expect(screen.getByRole("heading", { level: 1, name: "내 요리" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "더 보기" }));
  await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(2));
  expect(api.calls.findLast(({ route }) => route === "GET /me/recipes")?.authorization).toBe("Bearer token-1");
});

test("a user without recipes gets a link to the editor", async () => {
  const { user } = await openSite("/my-recipes", routes(() => page([])), login());
  expect(await screen.findByText(none)).toBeInTheDocument();
  await user.click(screen.getByRole("link", { name: "첫 요리 적기" }));
  expect(await screen.findByRole("heading", { level: 1, name: "새 요리 적기" })).toBeInTheDocument();
});

test("a busy API is reported, and the request can be repeated", async () => {
  let busy = true;
  const { user } = await openSite("/my-recipes", routes(() => (busy ? problem(503) : page([]))), login());
  expect(await screen.findByRole("alert")).toHaveTextContent("지금은 서버가 바빠요.");
  busy = false;
  await user.click(screen.getByRole("button", { name: "다시 시도" }));
  expect(await screen.findByText(none)).toBeInTheDocument();
});

test("a deleted recipe is removed from the page", async () => {
  let recipes = [summary(1, "김치찌개")];
  const { user } = await openSite(
    "/my-recipes",
    {
      ...routes(() => page(recipes)),
      "GET /recipes/1": () => ({ body: recipe }),
      "DELETE /recipes/1": () => {
        recipes = [];
        return { status: 204 };
      },
    },
    login(),
  );
  await user.click(await screen.findByRole("link", { name: "김치찌개" }));
  await user.click(await screen.findByRole("button", { name: "지우기" }));
  await user.click(screen.getByRole("button", { name: "네, 지울래요" }));
  await user.click(await screen.findByRole("link", { name: "내 요리" }));
  expect(await screen.findByText(none)).toBeInTheDocument();
});

test("the page requires a login, and opens after it", async () => {
  const { user } = await openSite("/my-recipes", { ...routes(() => page([])), "POST /auth/login": () => ({ body: login() }) });
  await user.type(await screen.findByLabelText("이메일"), "cook@example.com");
  await user.type(screen.getByLabelText("비밀번호"), "correct horse{Enter}");
  expect(await screen.findByRole("heading", { level: 1, name: "내 요리" })).toBeInTheDocument();
});
