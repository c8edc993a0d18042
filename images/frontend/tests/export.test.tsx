import { screen, waitFor } from "@testing-library/react";
import { expect, onTestFinished, test, vi } from "vitest";
import { problem, type Routes } from "./support/api";
import { login } from "./support/data";
import { openSite } from "./support/render";

const data = { account: login().user, recipes: [], favourites: [{ id: 1, title: "김치찌개" }], shoppingList: { version: 0, recipes: [], ticks: [] } };
const routes: Routes = { "GET /me": () => ({ body: login().user }) };

test("the data of the account are downloaded as a file", async () => {
  const files: Blob[] = [];
  const names: string[] = [];
  // jsdom supports neither downloads nor navigation.
  URL.createObjectURL = (file) => {
    files.push(file as Blob);
    return "blob:test";
  };
  URL.revokeObjectURL = () => {};
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(this: HTMLAnchorElement) {
    names.push(this.download);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const { user, api } = await openSite("/account", { ...routes, "GET /me/export": () => ({ body: data }) }, login());
  await user.click(await screen.findByRole("button", { name: "파일로 받기" }));
  await waitFor(() => expect(names).toEqual(["hankki.json"]));
  expect(files[0]?.type).toBe("application/json");
  expect(files[0]?.size, "as the API sent it").toBe(new Blob([JSON.stringify(data)]).size);
  expect(api.calls.find(({ route }) => route === "GET /me/export")?.authorization).toBe("Bearer token-1");
});

test.each([
  ["the API is busy", 503, /지금은 서버가 바빠요/u],
  ["the API asks to wait", 429, /3분 뒤에/u],
])("a file that could not be loaded is reported: %s", async (_, status, text) => {
  const { user } = await openSite("/account", { ...routes, "GET /me/export": () => problem(status, {}, { "Retry-After": "170" }) }, login());
  await user.click(await screen.findByRole("button", { name: "파일로 받기" }));
  expect(await screen.findByText(text)).toBeInTheDocument();
});
