import { screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { openSite } from "./support/render";

const korean = "찾으시는 페이지가 없어요.";
const english = "This page does not exist.";

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  [["ko-KR", "ko", "en-US", "en"], korean],
  [["ko"], korean],
  [["KO-kr", "en"], korean],
  [["en-GB", "en", "ko"], english],
  [["fr-CH", "fr", "ko", "en"], korean],
  [["fr-CH", "fr", "en", "de"], english],
  [["de-DE", "de"], english],
  // Konkani is not Korean.
  [["kok-IN"], english],
  [[], english],
])("for the browser languages %j the page uses the first one that the site has, otherwise English", async (languages, title) => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(languages);
  await openSite("/nowhere", {});
  expect(await screen.findByRole("heading", { name: title })).toBeInTheDocument();
  expect(document.documentElement.lang).toBe(title === korean ? "ko" : "en");
  expect(localStorage.getItem("hankki.locale"), "the browser's own language is not stored").toBeNull();
});

test.each([
  ["en-US", '"ko"', korean],
  ["ko-KR", '"en"', english],
  ["ko-KR", '"fr"', korean],
])("the language of the switch overrides the browser's: %s", async (language, stored, title) => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue([language]);
  localStorage.setItem("hankki.locale", stored);
  await openSite("/nowhere", {});
  expect(await screen.findByRole("heading", { name: title })).toBeInTheDocument();
});

test("a chosen language is stored, even if it is the browser's own language", async () => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["en-US", "en"]);
  const { user } = await openSite("/nowhere", {});
  await user.click(await screen.findByRole("button", { name: "한국어" }));
  expect(localStorage.getItem("hankki.locale")).toBe('"ko"');
  await user.click(await screen.findByRole("button", { name: "English" }));
  expect(localStorage.getItem("hankki.locale")).toBe('"en"');
});
