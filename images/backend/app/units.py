"""Units of quantity. Every unit is an exact multiple of one base unit: g, ml or piece."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    GRAM = "g"
    KILOGRAM = "kg"
    MILLILITRE = "ml"
    LITRE = "l"
    TEASPOON = "tsp"
    TABLESPOON = "tbsp"
    PIECE = "piece"


@dataclass(frozen=True)
class Measure:
    base: Unit
    factor: int


UNITS = {
    Unit.GRAM: Measure(Unit.GRAM, 1),
    Unit.KILOGRAM: Measure(Unit.GRAM, 1000),
    Unit.MILLILITRE: Measure(Unit.MILLILITRE, 1),
    Unit.LITRE: Measure(Unit.MILLILITRE, 1000),
    Unit.TEASPOON: Measure(Unit.MILLILITRE, 5),
    Unit.TABLESPOON: Measure(Unit.MILLILITRE, 15),
    Unit.PIECE: Measure(Unit.PIECE, 1),
}
BASE_UNITS = tuple(unit for unit, measure in UNITS.items() if unit == measure.base)


def require_same_dimension(subject: str, unit: str, base: str) -> None:
    """Raise ValueError unless `unit` measures the same kind of quantity as `base`."""
    if UNITS[Unit(unit)].base != Unit(base):
        raise ValueError(f"{subject}: a quantity in {unit!r} can't be priced, its price is per {base!r}")
