"""The cost of a recipe, in exact fractions.

Money is whole won. A sum is never made of rounded parts: the exact cost of every ingredient is added
up, divided by the servings, and rounded once, half up. A line of the ingredient table is rounded for
itself, so the lines shown may differ from the total by a few won.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# The precision of ingredients.price_per_unit.
_PER_UNIT = Decimal("0.0001")


def cost_of(amount: Fraction, price: int, per: Decimal) -> Fraction:
    """The exact cost of an amount in base units, at `price` won for `per` of them."""
    return amount * price / Fraction(per)


def won(amount: Fraction) -> int:
    """Whole won, half up. Amounts are never negative."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def cost_per_meal(lines: Iterable[Fraction], servings: int) -> int:
    """Won per serving; 0 without ingredients."""
    return won(sum(lines, Fraction(0)) / servings)


def price_per_unit(price: int, per: Decimal) -> Decimal:
    """The rounded price of one base unit, for code that uses the first schema version."""
    return (Decimal(price) / per).quantize(_PER_UNIT, ROUND_HALF_UP)
