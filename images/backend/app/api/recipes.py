"""Recipes, to read."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from .. import recipes
from ..models.base import MAX_ID
from ..pages import PageArguments, page
from ..problems import Problem
from ..units import Unit
from .blueprint import Blueprint
from .fields import Schema, Text

blueprint = Blueprint("recipes", __name__, description="Recipes and what one meal costs")


class RecipeListArguments(PageArguments):
    q = Text(validate=ma.validate.Length(max=100), metadata={"description": "part of the title"})


class RecipeSummarySchema(Schema):
    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    summary = ma.fields.String(required=True)
    servings = ma.fields.Integer(required=True)
    cook_minutes = ma.fields.Integer(required=True)
    cost_per_meal = ma.fields.Integer(
        required=True, metadata={"description": "won for one serving, the exact cost rounded half up once"}
    )


class RecipePageSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(RecipeSummarySchema), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class RecipeIngredientSchema(Schema):
    name = ma.fields.String(required=True)
    quantity = ma.fields.Float(required=True, metadata={"description": "for the whole recipe"})
    unit = ma.fields.String(required=True, validate=ma.validate.OneOf([str(unit) for unit in Unit]))
    cost = ma.fields.Integer(
        required=True, metadata={"description": "won for the whole recipe, rounded half up by itself"}
    )


class RecipeSchema(RecipeSummarySchema):
    ingredients = ma.fields.List(ma.fields.Nested(RecipeIngredientSchema), required=True)
    steps = ma.fields.List(ma.fields.String(), required=True)


@blueprint.get("")
@blueprint.arguments(RecipeListArguments, location="query")
@blueprint.response(200, RecipePageSchema)
def list_recipes(arguments: dict[str, Any]) -> dict[str, Any]:
    """A page of recipes, oldest first."""
    limit = arguments["limit"]
    rows = recipes.list_recipes(q=arguments.get("q"), after=arguments.get("cursor"), count=limit + 1)
    return page(rows, limit)


@blueprint.get(f"/<int(min=1, max={MAX_ID}):recipe_id>")
@blueprint.response(200, RecipeSchema)
@blueprint.alt_response(404, "NOT_FOUND")
def get_recipe(recipe_id: int) -> dict[str, Any]:
    """One recipe with its ingredients, their cost, and its steps."""
    recipe = recipes.get_recipe(recipe_id)
    if recipe is None:
        raise Problem(404, "recipe-not-found", f"There is no recipe {recipe_id}.")
    return recipe
