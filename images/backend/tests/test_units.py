"""Conversion between weight and volume: exact, and only with a known weight of a tablespoon."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.numbers import MAX_QUANTITY
from app.units import MAX_TABLESPOON, MIN_TABLESPOON, UNITS, Sale, UnitError, amount

# A busy machine must not fail a test.
settings.register_profile("hankki", deadline=None)
settings.load_profile("hankki")

quantities = st.decimals("0.001", MAX_QUANTITY, places=3)
tablespoons = st.decimals(MIN_TABLESPOON, MAX_TABLESPOON, places=3)


@given(quantities, st.sampled_from(["ml", "l", "tsp", "tbsp", "cup"]), tablespoons)
def test_conversion_by_the_weight_of_a_tablespoon_is_exact(
    quantity: Decimal, unit: str, grams: Decimal
) -> None:
    weight = amount("x", quantity, unit, Sale("g", grams))

    assert weight == Fraction(quantity) * UNITS[unit].factor * Fraction(grams) / 15
    assert amount("x", weight, "g", Sale("ml", grams)) == Fraction(quantity) * UNITS[unit].factor


@given(quantities, st.sampled_from([("tbsp", "g"), ("cup", "g"), ("kg", "ml"), ("g", "ml")]))
def test_conversion_without_a_weight_is_an_error(quantity: Decimal, units: tuple[str, str]) -> None:
    unit, sold_by = units

    with pytest.raises(UnitError, match=f"x: a quantity in '{unit}' .* tablespoon of it is not known"):
        amount("x", quantity, unit, Sale(sold_by))


@pytest.mark.parametrize(
    ("unit", "sold_by"), [("piece", "g"), ("piece", "ml"), ("g", "piece"), ("tbsp", "piece")]
)
def test_pieces_have_no_weight_and_no_volume(unit: str, sold_by: str) -> None:
    with pytest.raises(UnitError, match=f"its price is per '{sold_by}'"):
        amount("x", Decimal(1), unit, Sale(sold_by, Decimal(15)))


@pytest.mark.parametrize("sold_by", ["g", "ml", "piece"])
def test_a_little_is_the_amount_zero(sold_by: str) -> None:
    assert amount("x", Decimal(0), "little", Sale(sold_by)) == 0
