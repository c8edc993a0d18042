"""The aisles of a shop, as a shopping list walks through it."""

from __future__ import annotations

from enum import StrEnum


class Aisle(StrEnum):
    """In the order of a Korean supermarket; what thaws is bought last."""

    VEGETABLES = "vegetables"
    FRUIT = "fruit"
    MEAT = "meat"
    SEAFOOD = "seafood"
    DAIRY = "dairy"
    CHILLED = "chilled"
    GRAINS = "grains"
    PACKAGED = "packaged"
    SEASONINGS = "seasonings"
    BAKERY = "bakery"
    DRINKS = "drinks"
    FROZEN = "frozen"


_PLACES = {str(aisle): place for place, aisle in enumerate(Aisle)}


def place(aisle: str | None) -> int:
    """The position of an aisle. No aisle, or one of a later release, comes last."""
    return _PLACES.get(aisle or "", len(_PLACES))
