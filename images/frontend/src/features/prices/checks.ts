import { numberOf } from "../../components/numbers";

/** Whole won, up to the API's limit. */
export const isPrice = (typed: string): boolean => {
  const price = numberOf(typed);
  return Number.isInteger(price) && price > 0 && price <= 10_000_000;
};

/** A quantity of the base unit, with up to three decimals and within the API's limits. */
export const isPer = (typed: string): boolean => {
  const per = numberOf(typed);
  return hasThreeDecimals(per) && per >= 0.1 && per <= 1_000_000;
};

/** Whether the value is valid for the API. */
export const hasThreeDecimals = (value: number): boolean => Number(value.toFixed(3)) === value;
