"""Queries of recipes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from .cost import cost_per_meal, line_cost
from .models import Ingredient, Recipe, RecipeIngredient, Step, db

_SUMMARY = (
    Recipe.id,
    Recipe.title,
    Recipe.summary,
    Recipe.servings,
    Recipe.cook_minutes,
    cost_per_meal().label("cost_per_meal"),
)


def list_recipes(*, q: str | None, after: int | None, count: int) -> Sequence[Row]:
    """The first `count` recipes behind the id `after` whose title contains `q`, in order of id."""
    query = select(*_SUMMARY).order_by(Recipe.id).limit(count)
    if after is not None:
        query = query.where(Recipe.id > after)
    if q:
        query = query.where(Recipe.title.icontains(q, autoescape=True))
    return db.session.execute(query).all()


def get_recipe(recipe_id: int) -> dict[str, Any] | None:
    """One recipe with its ingredients, each with its cost, and its steps."""
    summary = db.session.execute(select(*_SUMMARY).where(Recipe.id == recipe_id)).mappings().one_or_none()
    if summary is None:
        return None
    ingredients = (
        select(Ingredient.name, RecipeIngredient.quantity, RecipeIngredient.unit, line_cost().label("cost"))
        .select_from(RecipeIngredient)
        .join(RecipeIngredient.ingredient)
        .where(RecipeIngredient.recipe_id == recipe_id)
        .order_by(RecipeIngredient.position)
    )
    steps = select(Step.text).where(Step.recipe_id == recipe_id).order_by(Step.position)
    return {
        **summary,
        "ingredients": db.session.execute(ingredients).all(),
        "steps": db.session.scalars(steps).all(),
    }
