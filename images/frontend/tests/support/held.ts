import type { Routes } from "./api";

/** Delays the responses of a route until each is released, in the order of the requests. */
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
