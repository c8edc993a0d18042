/** An exact fraction, never negative: money is not computed in floating point. */
export interface Fraction {
  top: bigint;
  bottom: bigint;
}

/** The exact decimal of a JSON number: 0.1 is one tenth. */
export function exact(value: number): Fraction {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/u.exec(String(value));
  if (!match) {
    throw new RangeError(`exact: expected a finite number of at least 0, got ${value}`);
  }
  const [, whole = "", decimals = "", exponent = "0"] = match;
  const shift = Number(exponent) - decimals.length;
  const digits = BigInt(whole + decimals);
  return shift >= 0 ? { top: digits * 10n ** BigInt(shift), bottom: 1n } : { top: digits, bottom: 10n ** BigInt(-shift) };
}

export const zero: Fraction = { top: 0n, bottom: 1n };

export const plus = (a: Fraction, b: Fraction): Fraction => ({ top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom });

export const times = (a: Fraction, b: Fraction): Fraction => ({ top: a.top * b.top, bottom: a.bottom * b.bottom });

export function over(a: Fraction, b: Fraction): Fraction {
  if (b.top === 0n) {
    throw new RangeError("over: division by 0");
  }
  return { top: a.top * b.bottom, bottom: a.bottom * b.top };
}

export const roundHalfUp = ({ top, bottom }: Fraction): number => Number((2n * top + bottom) / (2n * bottom));

/** For display, with six decimals. */
export const approximate = (fraction: Fraction): number => roundHalfUp(times(fraction, exact(1_000_000))) / 1_000_000;
