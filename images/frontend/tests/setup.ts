import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// A busy machine is slow; waiting longer costs nothing where the answer comes.
configure({ asyncUtilTimeout: 15_000 });

// The tests of Nginx run without a page.
if (typeof window !== "undefined") {
  // jsdom lays nothing out, so it cannot scroll.
  vi.stubGlobal("scrollTo", () => {});
  // Nor does it know a device's settings: a light one that never changes.
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
  // The browser of somebody who reads Korean.
  Object.defineProperty(Navigator.prototype, "languages", { configurable: true, get: () => ["ko-KR", "ko"] });
  afterEach(() => {
    cleanup();
    localStorage.clear();
  });
}
