"""Units of quantity, each an exact multiple of one base unit: g, ml or piece.

An ingredient sold by weight can be measured by volume, and the other way round, if the weight of a
tablespoon is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Unit(StrEnum):
    GRAM = "g"
    KILOGRAM = "kg"
    MILLILITRE = "ml"
    LITRE = "l"
    TEASPOON = "tsp"
    TABLESPOON = "tbsp"
    CUP = "cup"
    PIECE = "piece"
    # A little, such as a little salt. Its quantity is 0: it has no cost but is on shopping lists.
    LITTLE = "little"


@dataclass(frozen=True)
class Measure:
    base: Unit
    factor: int


TABLESPOON_ML = 15
# The range of a tablespoon's weight in g. Dried parsley weighs 1.3 g. With a lower minimum, the cost of an
# ingredient that is sold by ml and measured in kg could exceed a bigint.
MIN_TABLESPOON, MAX_TABLESPOON = 1, 60
# As measured in Korea: a cup is 200 ml.
UNITS = {
    Unit.GRAM: Measure(Unit.GRAM, 1),
    Unit.KILOGRAM: Measure(Unit.GRAM, 1000),
    Unit.MILLILITRE: Measure(Unit.MILLILITRE, 1),
    Unit.LITRE: Measure(Unit.MILLILITRE, 1000),
    Unit.TEASPOON: Measure(Unit.MILLILITRE, 5),
    Unit.TABLESPOON: Measure(Unit.MILLILITRE, TABLESPOON_ML),
    Unit.CUP: Measure(Unit.MILLILITRE, 200),
    Unit.PIECE: Measure(Unit.PIECE, 1),
}
BASE_UNITS = tuple(unit for unit, measure in UNITS.items() if unit == measure.base)


@dataclass(frozen=True)
class Sale:
    """The base unit in which an ingredient is sold, and the weight of a tablespoon in g, if known."""

    unit: str
    tablespoon_grams: Decimal | None = None


class UnitError(ValueError):
    """A quantity can't be priced in its unit; the message has the ingredient's name as its subject."""


def amount(subject: str, quantity: Decimal, unit: str, sale: Sale) -> Fraction:
    """The exact quantity in the unit in which `subject` is sold; UnitError if it can't be converted."""
    if unit == Unit.LITTLE:
        return Fraction(0)
    measure = UNITS[Unit(unit)]
    measured = Fraction(quantity) * measure.factor
    if measure.base == sale.unit:
        return measured
    if Unit.PIECE in (measure.base, sale.unit):
        raise UnitError(f"{subject}: a quantity in {unit!r} can't be priced, its price is per {sale.unit!r}")
    if sale.tablespoon_grams is None:
        raise UnitError(
            f"{subject}: a quantity in {unit!r} can't be priced, its price is per {sale.unit!r}, "
            "and the weight of a tablespoon of it is not known"
        )
    grams_per_ml = Fraction(sale.tablespoon_grams) / TABLESPOON_ML
    return measured * grams_per_ml if sale.unit == Unit.GRAM else measured / grams_per_ml
