/** Whole won, up to the API's limit. */
export const isPrice = (typed: string): boolean => /^\d{1,8}$/u.test(typed.trim()) && Number(typed) > 0 && Number(typed) <= 10_000_000;

/** A quantity of the base unit, with up to three decimals and within the API's limits. */
export const isPer = (typed: string): boolean =>
  /^\d{1,7}(\.\d{1,3})?$/u.test(typed.trim()) && Number(typed) >= 0.1 && Number(typed) <= 1_000_000;
