import type { Price } from "../../api/ingredients";
import { exact, over, roundHalfUp, times } from "../recipes/exact";
import type { Point } from "./chart";

/** The price of another pack size, to compare packs: won for `per`, rounded half up once. */
export const comparable = (prices: readonly Price[], per: number): Point[] =>
  prices.map((price) => ({ at: price.at, won: roundHalfUp(over(times(exact(price.price), exact(per)), exact(price.per))) }));
