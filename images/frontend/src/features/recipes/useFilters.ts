import { useSearchParams } from "react-router";
import type { RecipeFilters } from "../../api/recipes";
import { readFilters, writeFilters } from "./filters";

/** Intermediate input (`typing`) replaces the history entry. */
export type ChangeFilters = (change: { [Name in keyof RecipeFilters]: RecipeFilters[Name] | undefined }, typing?: boolean) => void;

/** The filters of the URL, and a function to change some of them. */
export function useFilters(): [RecipeFilters, ChangeFilters] {
  const [params, setParams] = useSearchParams();
  const change: ChangeFilters = (some, typing = false) =>
    setParams((before) => writeFilters({ ...readFilters(before), ...some } as RecipeFilters), { replace: typing });
  return [readFilters(params), change];
}
