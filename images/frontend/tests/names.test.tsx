import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { isSameName, isUnfinished } from "../src/components/hangul";
import { oneLine } from "../src/components/oneLine";
import { readFilters, sortsFor, writeFilters } from "../src/features/recipes/filters";
import type { Routes } from "./support/api";
import { ingredient, page, summary, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const nothing: Routes = { ...surroundings, "GET /me": () => ({ body: login().user }), "GET /ingredients": () => page([]) };

test("a word is unfinished while one of its letters is not part of a syllable", () => {
  expect(["ㄷ", "두ㅂ", "ㄱㅊㅉㄱ", "ㅏ", "ㄳ", "\uffa1", "\u1103"].every(isUnfinished)).toBe(true);
  expect(["", "두", "둡", "두부", "tofu", "두부".normalize("NFD"), "1+1"].some(isUnfinished)).toBe(false);
});

test("spellings of one name are equal", () => {
  const others = ["다진마늘", "다진  마늘", "다진\u00a0마늘", "다진\u3000마늘", "다진\u200b마늘", "다진\u3164마늘", "다진\u{1d159}마늘", "다진 마늘".normalize("NFD")];
  expect(others.filter((other) => !isSameName("다진 마늘", other))).toEqual([]);
  const spellings = [["MSG", "ｍｓｇ"], ["Weißkohl", "WEISSKOHL"], ["ẞ", "ss"], ["Σ", "ς"], ["ﬁg", "FIG"], ["ㄳ", "ㄱㅅ"], ["ㅄ", "ㅂ ㅅ"], ["두ﾣ", "두ㄱㅅ"], ["두ﾴ", "두ㅄ"]] as const;
  expect(spellings.filter(([one, other]) => !isSameName(one, other))).toEqual([]);
  expect(isSameName("ı", "i")).toBe(false);
  expect(isSameName("두부", "두유")).toBe(false);
});

test("invisible characters are removed, and emoji are unchanged", () => {
  const unseen = ["\u3164", "\u200b", "\u115f\u1160", "\uffa0", "\u2800", "\u00ad", "\u200d\ufe0f", "\u0301", "\u3000", "\ufeff", "\u{1d159}", "\u{13441}", "\u00b4", "\uff9e"];
  expect(unseen.filter((text) => oneLine(text) !== "")).toEqual([]);
  expect(oneLine(" 👩\u200d🍳❤\ufe0f ")).toBe("👩\u200d🍳❤\ufe0f");
});

test("no ingredient can be added while a syllable is being composed or is unfinished", async () => {
  await openSite("/prices", nothing, login());
  const box = await screen.findByRole("searchbox", { name: "재료 찾기" });
  fireEvent.compositionStart(box);
  fireEvent.change(box, { target: { value: "둡" } });
  expect(await screen.findByText("이름을 마저 적어 주세요.")).toBeInTheDocument();
  expect(screen.queryByLabelText("재료 이름")).not.toBeInTheDocument();

  fireEvent.compositionEnd(box);
  expect(await screen.findByLabelText("재료 이름")).toHaveValue("둡");
  expect(screen.getByText("‘둡’라는 재료가 없어요.")).toBeInTheDocument();

  fireEvent.change(box, { target: { value: "두ㅂ" } });
  expect(await screen.findByText("이름을 마저 적어 주세요.")).toBeInTheDocument();
  expect(screen.queryByLabelText("재료 이름")).not.toBeInTheDocument();
});

test("the editor reports no missing ingredient while a syllable is being composed", async () => {
  const { api } = await openSite("/recipes/new", nothing, login());
  const box = await screen.findByRole("combobox", { name: "재료 1" });
  fireEvent.compositionStart(box);
  fireEvent.change(box, { target: { value: "둡" } });
  await expect.poll(() => api.count("GET /ingredients")).toBe(1);
  expect(screen.queryByText("그런 재료가 없어요.")).not.toBeInTheDocument();
  fireEvent.compositionEnd(box);
  expect(await screen.findByText("그런 재료가 없어요.")).toBeInTheDocument();
});

test("an alias is shown next to the name, and typing it completely chooses the ingredient", async () => {
  const egg = { ...ingredient(31, "달걀", "piece", 7500, 30), aliases: ["계란"] };
  const { user } = await openSite("/recipes/new", { ...nothing, "GET /ingredients": () => page([egg]) }, login());
  const box = await screen.findByRole("combobox", { name: "재료 1" });
  await user.type(box, "계 란");
  expect(await screen.findByRole("option")).toHaveTextContent("달걀 계란");
  await user.tab();
  expect(box).toHaveValue("달걀");
});

test("a search lists the best match first, and another order can be chosen", async () => {
  const { api, user } = await openSite("/?q=두부", { ...surroundings, "GET /recipes": () => page([summary(1, "두부조림")]) });
  expect(await screen.findByRole("combobox", { name: "차례" })).toHaveDisplayValue("잘 맞는 요리부터");
  await expect.poll(() => api.calls.find(({ route }) => route === "GET /recipes")?.query.get("sort")).toBeNull();
  await user.selectOptions(screen.getByRole("combobox", { name: "차례" }), "새 요리부터");
  await expect.poll(() => api.calls.findLast(({ route }) => route === "GET /recipes")?.query.get("sort")).toBe("newest");
});

test("the order by best match is available only for a search", () => {
  expect(sortsFor({})).not.toContain("best");
  expect(sortsFor({ q: "두부" })).toContain("best");
  expect(readFilters(new URLSearchParams("sort=best"))).toEqual({});
  expect(readFilters(new URLSearchParams("q=두부&sort=newest"))).toEqual({ q: "두부", sort: "newest" });
  expect(writeFilters({ q: "두부", sort: "newest" }).get("sort")).toBe("newest");
  expect(writeFilters({ q: "", sort: "newest" }).get("sort")).toBeNull();
});
