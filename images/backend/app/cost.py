"""What a recipe costs, computed by the database in exact decimals.

Money is whole won. A sum is never made of rounded parts: the exact cost of every ingredient is added
up, divided by the servings, and rounded once, half up (ROUND_HALF_UP; amounts are never negative, so
PostgreSQL's round(numeric), half away from zero, is the same). A line of the ingredient table is
rounded for itself, so the lines shown may differ from the total by a few won.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, case, cast, func, select

from .models import Ingredient, Recipe, RecipeIngredient
from .units import UNITS

_factor = case({str(unit): measure.factor for unit, measure in UNITS.items()}, value=RecipeIngredient.unit)
_exact_line_cost = RecipeIngredient.quantity * _factor * Ingredient.price_per_unit


def line_cost() -> ColumnElement[int]:
    """Won for one ingredient of the whole recipe; needs RecipeIngredient joined with Ingredient."""
    return cast(func.round(_exact_line_cost), BigInteger)


def cost_per_meal() -> ScalarSelect[int]:
    """Won for one serving of the Recipe of the enclosing query; 0 without ingredients."""
    total = func.coalesce(func.sum(_exact_line_cost), 0)
    return (
        select(cast(func.round(total / Recipe.servings), BigInteger))
        .select_from(RecipeIngredient)
        .join(RecipeIngredient.ingredient)
        .where(RecipeIngredient.recipe_id == Recipe.id)
        .correlate(Recipe)
        .scalar_subquery()
    )
