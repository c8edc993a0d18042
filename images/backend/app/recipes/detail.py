"""One recipe, whole."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy import select

from ..cost import won
from ..models import Recipe, RecipeIngredient, Step, db
from ..problems import Problem
from . import current
from .search import summaries


def not_found(recipe_id: int) -> Problem:
    return Problem(404, "recipe-not-found", f"There is no recipe {recipe_id}.")


def get_recipe(recipe_id: int) -> dict[str, Any]:
    """A recipe with its ingredients, each with its cost, and its steps."""
    query = summaries().add_columns(Recipe.author_id, Recipe.version, Recipe.created_at, Recipe.updated_at)
    recipe = db.session.execute(query.where(Recipe.id == recipe_id)).mappings().one_or_none()
    if recipe is None:
        raise not_found(recipe_id)
    lines = current.lines(RecipeIngredient.recipe_id == recipe_id)
    steps = select(Step.text).where(Step.recipe_id == recipe_id).order_by(Step.position)
    total = sum(map(current.cost, lines), Fraction(0))
    return {
        **recipe,
        # Like the list's, but of the very prices that the lines show.
        "cost_per_meal": won(total / recipe["servings"]),
        "total_cost": won(total),
        "ingredients": [{**line._mapping, "cost": won(current.cost(line))} for line in lines],
        "steps": db.session.scalars(steps).all(),
    }
