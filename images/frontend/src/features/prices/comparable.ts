import type { Price } from "../../api/ingredients";
import { exact, over, roundHalfUp, times } from "../recipes/exact";
import type { Point } from "./chart";

/** Prices of different packs made comparable: won for `per`, rounded half up once. */
export const comparable = (prices: readonly Price[], per: number): Point[] =>
  prices.map((price) => ({ at: price.at, won: roundHalfUp(over(times(exact(price.price), exact(per)), exact(price.per))) }));
