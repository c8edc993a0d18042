"""Whole recipes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, RowMapping, select

from ..cost import won
from ..models import Recipe, RecipeIngredient, Step, db
from ..problems import Problem
from . import current
from .search import summaries


def not_found(recipe_id: int) -> Problem:
    return Problem(404, "recipe-not-found", f"There is no recipe {recipe_id}.")


def get_recipe(recipe_id: int) -> dict[str, Any]:
    """A recipe with its ingredients, each with its cost, and its steps."""
    found = get_recipes([recipe_id])
    if not found:
        raise not_found(recipe_id)
    return found[0]


def get_recipes(ids: Sequence[int]) -> list[dict[str, Any]]:
    """Those recipes of `ids` that exist, each as `get_recipe` returns it, in order of id."""
    query = summaries().add_columns(Recipe.author_id, Recipe.version, Recipe.created_at, Recipe.updated_at)
    found = db.session.execute(query.where(Recipe.id.in_(ids)).order_by(Recipe.id)).mappings().all()
    lines, steps = defaultdict(list), defaultdict(list)
    for line in current.lines(RecipeIngredient.recipe_id.in_(ids)):
        lines[line.recipe_id].append(line)
    for step in db.session.execute(
        select(Step.recipe_id, Step.text)
        .where(Step.recipe_id.in_(ids))
        .order_by(Step.recipe_id, Step.position)
    ):
        steps[step.recipe_id].append(step.text)
    return [_detail(recipe, lines[recipe["id"]], steps[recipe["id"]]) for recipe in found]


def _detail(recipe: RowMapping, lines: Sequence[Row], steps: Sequence[str]) -> dict[str, Any]:
    total = sum(map(current.cost, lines), Fraction(0))
    return {
        **recipe,
        # Computed from the same prices as the lines, unlike the list's column.
        "cost_per_meal": won(total / recipe["servings"]),
        "total_cost": won(total),
        "ingredients": [{**line._mapping, "cost": won(current.cost(line))} for line in lines],
        "steps": steps,
    }
