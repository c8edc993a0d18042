import { useSearchParams } from "react-router";
import type { RecipeFilters } from "../../api/recipes";
import { readFilters, writeFilters } from "./filters";

/** What is only on the way to what is wanted (`typing`) is no place to go back to. */
export type ChangeFilters = (change: { [Name in keyof RecipeFilters]: RecipeFilters[Name] | undefined }, typing?: boolean) => void;

/** The filters that the address has, and how to change some of them. */
export function useFilters(): [RecipeFilters, ChangeFilters] {
  const [params, setParams] = useSearchParams();
  const change: ChangeFilters = (some, typing = false) =>
    setParams((before) => writeFilters({ ...readFilters(before), ...some } as RecipeFilters), { replace: typing });
  return [readFilters(params), change];
}
