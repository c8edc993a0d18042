"""The lines of recipes with the prices of today."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import ColumnElement, Row, select, true

from ..cost import line_cost
from ..models import Ingredient, IngredientPrice, RecipeIngredient, db

# The latest price of the Ingredient of the enclosing query.
LATEST_PRICE = (
    select(IngredientPrice.price, IngredientPrice.per, IngredientPrice.at)
    .where(IngredientPrice.ingredient_id == Ingredient.id)
    .order_by(IngredientPrice.at.desc(), IngredientPrice.id.desc())
    .limit(1)
    .lateral("latest_price")
)


def lines(*conditions: ColumnElement[bool]) -> Sequence[Row]:
    """Each line of the recipes that meet the conditions, in the recipes' own order."""
    return db.session.execute(
        select(
            RecipeIngredient.recipe_id,
            RecipeIngredient.ingredient_id,
            Ingredient.name,
            RecipeIngredient.quantity,
            RecipeIngredient.unit,
            LATEST_PRICE.c.price,
            LATEST_PRICE.c.per,
            Ingredient.unit.label("price_unit"),
        )
        .select_from(RecipeIngredient)
        .join(RecipeIngredient.ingredient)
        .join(LATEST_PRICE, true())
        .where(*conditions)
        .order_by(RecipeIngredient.recipe_id, RecipeIngredient.position)
    ).all()


def cost(line: Row) -> Fraction:
    return line_cost(line.quantity, line.unit, line.price, line.per)
