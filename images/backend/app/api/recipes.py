"""Recipes and what one meal costs."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, url_for

from .. import recipes
from ..idempotency import Once
from ..models import User
from ..models.base import MAX_ID
from .blueprint import Blueprint
from .fields import Text
from .login_required import login_required
from .numbers import QueryWhole
from .once import once
from .pages import PageArguments, is_first_page
from .public import public
from .recipe_schemas import (
    ChangedRecipeSchema,
    CostedSchema,
    CostHistorySchema,
    CostSchema,
    NewRecipeSchema,
    RecipePageSchema,
    RecipeSchema,
)

blueprint = Blueprint("recipes", __name__, description="Recipes and what one meal costs")
ONE = f"/<int(min=1, max={MAX_ID}):recipe_id>"
WON = ma.validate.Range(0, 1_000_000_000)


class RecipeListArguments(PageArguments):
    orders = recipes.ORDERS

    q = Text(
        validate=ma.validate.Length(max=100),
        metadata={"description": "words; each must be part of the title, summary, a tag or an ingredient"},
    )
    tag = Text(validate=ma.validate.Length(1, 20))
    ingredient = ma.fields.List(
        QueryWhole(validate=ma.validate.Range(1, MAX_ID)),
        validate=ma.validate.Length(max=10),
        metadata={"description": "ids of ingredients; the recipe contains all of them"},
    )
    max_minutes = QueryWhole(validate=ma.validate.Range(1, 10080))
    min_cost = QueryWhole(validate=WON, metadata={"description": "minimum cost of one meal, in won"})
    max_cost = QueryWhole(validate=WON, metadata={"description": "maximum cost of one meal, in won"})
    sort = ma.fields.String(
        validate=ma.validate.OneOf(list(recipes.ORDERS)),
        metadata={"description": "default: with `q` the best match first, otherwise the newest"},
    )


@blueprint.get("")
@blueprint.arguments(RecipeListArguments, location="query")
@blueprint.public_response(RecipePageSchema)
def list_recipes(arguments: dict[str, Any]) -> Response:
    """A page of recipes."""
    return public(RecipePageSchema, lambda: recipes.list_recipes(**arguments), key=_first_page(arguments))


@blueprint.post("")
@login_required
@once
@blueprint.arguments(NewRecipeSchema)
@blueprint.response(201, RecipeSchema, headers={"Location": {"schema": {"type": "string"}}})
def create_recipe(
    user: User, recipe: dict[str, Any], once: Once | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Add a recipe."""
    created = recipes.create(user, recipe, once)
    return created, {"Location": url_for(".get_recipe", recipe_id=created["id"])}


@blueprint.get(ONE)
@blueprint.public_response(RecipeSchema)
@blueprint.alt_response(404, "NOT_FOUND")
def get_recipe(recipe_id: int) -> Response:
    """One recipe with its ingredients, their cost, and its steps."""
    return public(RecipeSchema, lambda: recipes.get_recipe(recipe_id), key=f"recipe:{recipe_id}")


@blueprint.put(ONE)
@login_required
@blueprint.arguments(ChangedRecipeSchema)
@blueprint.response(200, RecipeSchema)
@blueprint.alt_response(403, "FORBIDDEN")
@blueprint.alt_response(404, "NOT_FOUND")
@blueprint.alt_response(409, "CONFLICT")
def update_recipe(user: User, recipe: dict[str, Any], recipe_id: int) -> dict[str, Any]:
    """Replace a recipe of the user, unless it has changed since `version`. A repeated edit succeeds."""
    return recipes.update(user, recipe_id, recipe)


@blueprint.delete(ONE)
@login_required
@blueprint.response(204)
@blueprint.alt_response(403, "FORBIDDEN")
@blueprint.alt_response(404, "NOT_FOUND")
def delete_recipe(user: User, recipe_id: int) -> None:
    """Delete a recipe of the user."""
    recipes.delete(user, recipe_id)


@blueprint.post("/cost")
@blueprint.arguments(CostedSchema)
@blueprint.response(200, CostSchema)
def estimate_cost(recipe: dict[str, Any]) -> dict[str, Any]:
    """The cost of a recipe that is not saved."""
    return recipes.estimate(recipe)


@blueprint.get(f"{ONE}/cost-history")
@blueprint.public_response(CostHistorySchema)
@blueprint.alt_response(404, "NOT_FOUND")
def get_cost_history(recipe_id: int) -> Response:
    """The cost of a meal after each price change of an ingredient, with the current quantities."""
    return public(
        CostHistorySchema,
        lambda: {"items": recipes.cost_history(recipe_id)},
        key=f"recipe:{recipe_id}:cost-history",
    )


def _first_page(arguments: dict[str, Any]) -> str | None:
    """The cache key of a first page as the site requests it. Other pages are too many to cache."""
    if not is_first_page(arguments):
        return None
    return f"recipes:{arguments['order'].name}"
