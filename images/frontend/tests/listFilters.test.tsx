import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Call, Routes } from "./support/api";
import { summary, surroundings } from "./support/catalogue";
import { onPhone } from "./support/phone";
import { openSite } from "./support/render";

const stew = summary(1, "김치찌개");
const open = (path: string, list: (call: Call) => object, more: Routes = {}) =>
  openSite(path, { ...surroundings, "GET /recipes": (call) => ({ body: list(call) }), ...more });
const requests = ({ api }: Awaited<ReturnType<typeof open>>) => api.calls.filter(({ route }) => route === "GET /recipes").map(({ query }) => Object.fromEntries(query));
const some = (total?: number, nextCursor: string | null = null) => ({ items: [stew], nextCursor, ...(total === undefined ? {} : { total }) });

test.each([
  ["the API returns it", some(1234, "c2"), "1,234가지"],
  ["a single page, from a pod of the previous version", some(), "1가지"],
])("the number of recipes is shown: %s", async (_, list, total) => {
  await open("/", () => list);
  expect(await screen.findByText(total)).toHaveAttribute("role", "status");
});

test("a pod of the previous version returns no total: the page shows no number", async () => {
  await open("/", () => some(undefined, "c2"));
  await screen.findByRole("article");
  expect(screen.queryByText(/가지$/u)).not.toBeInTheDocument();
});

test("an amount takes effect during typing, and stays as typed", async () => {
  const site = await open("/", ({ query }) => some(query.get("maxCost") ? 3 : 40, "c2"));
  await screen.findByText("40가지");
  const most = await screen.findByRole("textbox", { name: "한 끼 최대 (원)" });
  await site.user.type(most, "1만");
  // Without Enter, and without leaving the field.
  expect(await screen.findByText("3가지")).toBeInTheDocument();
  expect(requests(site).at(-1)).toEqual({ maxCost: "10000" });
  expect(most).toHaveFocus();
  expect(most).toHaveValue("1만");
  await site.user.type(most, " 5천");
  await waitFor(() => expect(requests(site).at(-1)).toEqual({ maxCost: "15000" }));
  await site.user.clear(most);
  expect(await screen.findByText("40가지")).toBeInTheDocument();
});

test("unfinished input is not an error; invalid input is reported after leaving the field, until it is corrected", async () => {
  const { user } = await open("/", () => some());
  const least = await screen.findByRole("textbox", { name: "한 끼 최소 (원)" });
  await user.type(least, "4,9");
  expect(least).toHaveAttribute("aria-invalid", "false");
  await user.tab();
  expect(least).toHaveAccessibleDescription(/쉼표/u);
  await user.type(least, "00");
  expect(least).toHaveAttribute("aria-invalid", "false");
});

test("all filters are cleared at once, with typed text that has no effect yet; search and order stay", async () => {
  const site = await open("/?q=김치&sort=cheapest&tag=찌개&maxMinutes=30&ingredient=12", () => some(), {
    "GET /ingredients/12": () => ({ body: { id: 12, name: "두부", unit: "g", price: 1, per: 1, updatedAt: "2026-01-01T00:00:00Z" } }),
  });
  const most = await screen.findByRole("textbox", { name: "한 끼 최대 (원)" });
  fireEvent.change(most, { target: { value: "5000" } });
  const clear = screen.getByRole("button", { name: "조건 지우기" });
  // Faster than a hand: the field loses the focus and the button is pressed at the same time.
  act(() => {
    fireEvent.blur(most);
    fireEvent.click(clear);
  });
  await waitFor(() => expect(requests(site).at(-1)).toEqual({ q: "김치", sort: "cheapest" }));
  expect(screen.getByRole("heading", { name: "‘김치’ 찾은 결과" }), "the button was removed, and the heading has the focus").toHaveFocus();
  expect(clear).not.toBeInTheDocument();
  expect(await screen.findByRole("textbox", { name: "한 끼 최대 (원)" })).toHaveValue("");
  expect(screen.getByRole("combobox", { name: "종류" })).toHaveValue("");
});

test("an amount in the URL is shown as people write it", async () => {
  await open("/?maxCost=15000", () => some());
  expect(await screen.findByRole("textbox", { name: "한 끼 최대 (원)" })).toHaveValue("15,000");
});

test("without filters there is no button to clear them, with any search and order", async () => {
  await open("/?q=김치&sort=cheapest", () => some());
  await screen.findByRole("article");
  expect(screen.queryByRole("button", { name: "조건 지우기" })).not.toBeInTheDocument();
});

test("on a phone the filters are behind one button with their number, and the order is next to it", async () => {
  onPhone();
  const { user } = await open("/?tag=찌개&maxMinutes=30", () => some());
  const button = await screen.findByRole("button", { name: "조건 (2)" });
  expect(button).toHaveAttribute("aria-expanded", "false");
  expect(screen.queryByRole("group", { name: "조건" })).not.toBeInTheDocument();
  expect(screen.getByRole("combobox", { name: "차례" })).toBeInTheDocument();
  await user.click(button);
  const group = within(await screen.findByRole("group", { name: "조건" }));
  expect(group.getByRole("combobox", { name: "걸리는 시간" })).toHaveValue("30");
  expect(button).toHaveAttribute("aria-expanded", "true");
  await user.click(button);
  expect(screen.queryByRole("group", { name: "조건" })).not.toBeInTheDocument();
});

test("the next page does not change the number", async () => {
  const { user } = await open("/", ({ query }) => (query.get("cursor") ? { items: [summary(2, "비빔밥")], nextCursor: "c3" } : some(40, "c2")));
  await screen.findByText("40가지");
  await user.click(await screen.findByRole("button", { name: "더 보기" }));
  await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(2));
  expect(screen.getByText("40가지")).toBeInTheDocument();
});
