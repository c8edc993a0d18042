import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// For busy machines. A longer timeout does not delay a test that passes.
configure({ asyncUtilTimeout: 15_000 });

// The tests of Nginx run without a page.
if (typeof window !== "undefined") {
  // jsdom has no layout, so it cannot scroll.
  vi.stubGlobal("scrollTo", () => {});
  // jsdom has no device settings: the tests get the light theme, which never changes.
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
  // A browser whose language is Korean.
  Object.defineProperty(Navigator.prototype, "languages", { configurable: true, get: () => ["ko-KR", "ko"] });
  afterEach(() => {
    cleanup();
    localStorage.clear();
  });
}
