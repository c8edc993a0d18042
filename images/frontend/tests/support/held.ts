import type { Routes } from "./api";

/** Holds a route's answers back until each is let go, in the order of its requests. */
export function held(route: Routes[string]) {
  const gates: (() => void)[] = [];
  const waiting: Routes[string] = async (call) => {
    await new Promise<void>((resolve) => {
      gates.push(resolve);
    });
    return route(call);
  };
  return { waiting, isAsked: () => gates.length > 0, letGo: () => gates.shift()?.() };
}
