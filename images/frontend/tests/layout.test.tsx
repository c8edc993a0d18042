import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { login } from "./support/data";
import { onPhone, onTablet } from "./support/phone";
import { openSite } from "./support/render";

test("the switch changes between light and dark, and is stored only if it differs from the device's setting", async () => {
  const { user } = await openSite("/nowhere", {});
  await user.click(await screen.findByRole("button", { name: "어둡게 보기" }));
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  expect(localStorage.getItem("hankki.theme")).toBe('"dark"');
  await user.click(screen.getByRole("button", { name: "밝게 보기" }));
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
});

test("the language changes at once, in the page and in <html lang>", async () => {
  const { user } = await openSite("/nowhere", {});
  await user.click(await screen.findByRole("button", { name: "English" }));
  expect(await screen.findByRole("heading", { name: "This page does not exist." })).toBeInTheDocument();
  expect(document.documentElement).toHaveAttribute("lang", "en");
});

test("the header links to every page, with a login also to the user's pages, and marks the current one", async () => {
  await openSite("/nowhere", { "GET /me": () => ({ body: login().user }) }, login());
  const places = () => screen.getAllByRole("listitem").map((item) => item.textContent);
  expect(places()).toEqual(["요리", "장보기", "재료값", "즐겨찾기", "내 요리", "요리 쓰기"]);
  expect(screen.queryByRole("link", { current: "page" })).not.toBeInTheDocument();
});

test.each([
  ["a visitor", null, ["요리", "장보기", "재료값"], "회원가입"],
  ["a cook", login(), ["요리", "장보기", "재료값", "즐겨찾기", "내 요리", "요리 쓰기"], "로그아웃"],
])("on a phone, %s has the links in a menu, and the language next to it", async (_, as, places, comeOrGo) => {
  onPhone();
  await openSite("/nowhere", { "GET /me": () => ({ body: login().user }) }, as);
  const button = await screen.findByRole("button", { name: "메뉴" });
  const menu = document.getElementById(button.getAttribute("popovertarget") ?? "")!;
  expect(menu).toHaveAttribute("popover", "auto");
  expect([...menu.querySelectorAll("li")].map((item) => item.textContent)).toEqual(places);
  expect(menu).toHaveTextContent(comeOrGo);
  expect(screen.getAllByText(comeOrGo)).toHaveLength(1);
  expect(menu).not.toContainElement(screen.getByRole("button", { name: "English" }));
});

test.each([
  ["a visitor has the few places in the row", null, false],
  ["a cook has the many in a menu", login(), true],
])("on a tablet, %s", async (_, as, hasMenu) => {
  onTablet();
  await openSite("/nowhere", { "GET /me": () => ({ body: login().user }) }, as);
  const shopping = await screen.findByText("장보기");
  expect(screen.queryByRole("button", { name: "메뉴" }) !== null).toBe(hasMenu);
  expect(shopping.closest("[popover]") !== null).toBe(hasMenu);
});
