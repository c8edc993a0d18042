"""The ingredients to buy for chosen recipes."""

from __future__ import annotations

import re
from typing import Any

import marshmallow as ma

from .. import shopping_list
from ..models.base import MAX_ID
from .blueprint import Blueprint
from .fields import QuerySchema, Schema
from .recipe_schemas import ANY_AISLE, ANY_BASE_UNIT

blueprint = Blueprint("shopping-list", __name__, description="What to buy for chosen recipes")
# In one request.
MAX_RECIPES = 30
PATTERN = r"^[0-9]{1,19}:[0-9]{1,3}$"


class Choice(ma.fields.String):
    """A recipe and its servings: `<id>:<servings>`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata.update(pattern=PATTERN, example="7:4")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[int, int]:
        text = super()._deserialize(value, attr, data, **kwargs)
        if re.fullmatch(PATTERN, text):
            recipe_id, servings = map(int, text.split(":"))
            if 1 <= recipe_id <= MAX_ID and 1 <= servings <= 100:
                return recipe_id, servings
        raise ma.ValidationError("Not <recipe id>:<servings>, with 1 to 100 servings.")


class ShoppingListArguments(QuerySchema):
    recipe = ma.fields.List(
        Choice(),
        required=True,
        validate=ma.validate.Length(1, MAX_RECIPES),
        metadata={"description": "the chosen recipes, each `<id>:<servings>`"},
    )


class ChosenRecipeSchema(Schema):
    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    servings = ma.fields.Integer(required=True)
    cost = ma.fields.Integer(required=True, metadata={"description": "won for these servings"})


class ItemSchema(Schema):
    ingredient_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    quantity = ma.fields.Float(required=True, metadata={"description": "rounded to three decimals"})
    unit = ma.fields.String(required=True, metadata={"description": ANY_BASE_UNIT})
    cost = ma.fields.Integer(required=True, metadata={"description": "won; each item is rounded separately"})
    recipes = ma.fields.List(
        ma.fields.Integer(), required=True, metadata={"description": "ids of the recipes that need it"}
    )
    price = ma.fields.Integer(required=True, metadata={"description": "price of a pack, in won"})
    per = ma.fields.Float(required=True, metadata={"description": "content of a pack, in `unit`"})
    packs = ma.fields.Integer(required=True, metadata={"description": "number of whole packs needed"})
    a_little = ma.fields.Boolean(
        required=True, metadata={"description": 'a recipe also needs "a little", which `quantity` excludes'}
    )
    aisle = ma.fields.String(required=True, allow_none=True, metadata={"description": ANY_AISLE})


class ShoppingListSchema(Schema):
    recipes = ma.fields.List(ma.fields.Nested(ChosenRecipeSchema), required=True)
    items = ma.fields.List(
        ma.fields.Nested(ItemSchema),
        required=True,
        metadata={"description": "in the order of a shop's aisles, by name in each; no aisle: last"},
    )
    total = ma.fields.Integer(
        required=True, metadata={"description": "won, the exact cost rounded half up once"}
    )
    packs_total = ma.fields.Integer(required=True, metadata={"description": "won for all whole packs"})


@blueprint.get("")
@blueprint.arguments(ShoppingListArguments, location="query")
@blueprint.response(200, ShoppingListSchema)
@blueprint.alt_response(404, "NOT_FOUND")
def get_shopping_list(arguments: dict[str, Any]) -> dict[str, Any]:
    """The ingredients of all chosen recipes, each added up in its base unit, and their cost."""
    return shopping_list.shopping_list(arguments["recipe"])
