import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { problem, type Routes } from "./support/api";
import { page, summary, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const stew = summary(1, "김치찌개");
const heart = { name: "김치찌개 즐겨찾기" };

function routes(): Routes {
  let ids: number[] = [];
  return {
    ...surroundings,
    "GET /me": () => ({ body: login().user }),
    "GET /recipes": () => page([stew]),
    "GET /me/favourites/ids": () => ({ body: { ids } }),
    "GET /me/favourites": () => page(ids.length > 0 ? [stew] : []),
    "PUT /me/favourites/1": () => {
      ids = [1];
      return { status: 204 };
    },
    "DELETE /me/favourites/1": () => {
      ids = [];
      return { status: 204 };
    },
  };
}

test("a heart is given and taken back", async () => {
  const { api, user } = await openSite("/", routes(), login());
  const button = await screen.findByRole("button", heart);
  expect(button).toHaveAttribute("aria-pressed", "false");
  // Pressed earlier, it would call back the question which ones there are.
  await waitFor(() => expect(api.count("GET /me/favourites/ids")).toBe(1));
  await user.click(button);
  expect(button, "at once").toHaveAttribute("aria-pressed", "true");
  await waitFor(() => expect(api.count("GET /me/favourites/ids")).toBe(2));
  expect(button).toHaveAttribute("aria-pressed", "true");
  await user.click(button);
  await waitFor(() => expect(api.count("DELETE /me/favourites/1")).toBe(1));
  expect(button).toHaveAttribute("aria-pressed", "false");
});

test("a heart that could not be kept is taken back, and the reason told", async () => {
  const { user } = await openSite("/", { ...routes(), "PUT /me/favourites/1": () => problem(503) }, login());
  const button = await screen.findByRole("button", heart);
  await user.click(button);
  expect(await screen.findByRole("alert")).toHaveTextContent("지금은 서버가 바빠요.");
  expect(button).toHaveAttribute("aria-pressed", "false");
});

test("whoever is not logged in is led to the login, and nothing of theirs is asked for", async () => {
  const { api, user } = await openSite("/", routes());
  await user.click(await screen.findByRole("button", heart));
  expect(await screen.findByRole("heading", { name: "로그인" })).toBeInTheDocument();
  expect(api.calls.some(({ route }) => route.includes("favourites"))).toBe(false);
});

test("the favourites' page shows them, or how to get some", async () => {
  const { user } = await openSite("/favourites", routes(), login());
  expect(await screen.findByText("아직 즐겨찾는 요리가 없어요.")).toBeInTheDocument();
  await user.click(screen.getByRole("link", { name: "요리 목록으로" }));
  await user.click(await screen.findByRole("button", heart));
  await user.click(screen.getByRole("link", { name: "즐겨찾기" }));
  expect(await screen.findByRole("article")).toHaveTextContent("김치찌개");
});
