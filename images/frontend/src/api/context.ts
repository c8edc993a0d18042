import { createContext, use } from "react";
import type { Api } from "./client";

export const ApiContext = createContext<Api | null>(null);

export function useApi(): Api {
  const api = use(ApiContext);
  if (!api) {
    throw new Error("useApi: no ApiContext above this component");
  }
  return api;
}
