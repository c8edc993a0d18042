"""What a recipe looks like, to read and to write."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from ..units import Unit
from .fields import Paragraphs, Schema, Text
from .numbers import Id, Quantity, Whole
from .pages import PageSchema

UNIT = ma.validate.OneOf([str(unit) for unit in Unit])
BASE_UNIT = ma.validate.OneOf(["g", "ml", "piece"])
COST_PER_MEAL = "won for one serving, the exact cost rounded half up once"
TOTAL_COST = "won for the whole recipe, the exact cost rounded half up once"
LINE_COST = "won for the whole recipe, rounded half up by itself"


class AuthorSchema(Schema):
    name = ma.fields.String(required=True)


class RecipeSummarySchema(Schema):
    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    summary = ma.fields.String(required=True)
    servings = ma.fields.Integer(required=True)
    cook_minutes = ma.fields.Integer(required=True)
    cost_per_meal = ma.fields.Integer(required=True, metadata={"description": COST_PER_MEAL})
    tags = ma.fields.List(ma.fields.String(), required=True)
    author = ma.fields.Nested(
        AuthorSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null: one of the site's own recipes"},
    )


class RecipePageSchema(PageSchema):
    items = ma.fields.List(ma.fields.Nested(RecipeSummarySchema), required=True)
    total = ma.fields.Integer(
        metadata={
            "description": "how many recipes all pages have; only with the first, and not of favourites"
        }
    )


class RecipeIngredientSchema(Schema):
    ingredient_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    quantity = ma.fields.Float(required=True, metadata={"description": "for the whole recipe"})
    unit = ma.fields.String(required=True, validate=UNIT)
    cost = ma.fields.Integer(required=True, metadata={"description": LINE_COST})
    price = ma.fields.Integer(required=True, metadata={"description": "won the shop asks for `per`"})
    per = ma.fields.Float(required=True, metadata={"description": "quantity sold, in `priceUnit`"})
    price_unit = ma.fields.String(required=True, validate=BASE_UNIT)


class RecipeSchema(RecipeSummarySchema):
    author_id = ma.fields.Integer(required=True, allow_none=True)
    version = ma.fields.Integer(required=True, metadata={"description": "to send with an edit"})
    created_at = ma.fields.AwareDateTime(required=True)
    updated_at = ma.fields.AwareDateTime(required=True)
    total_cost = ma.fields.Integer(required=True, metadata={"description": TOTAL_COST})
    ingredients = ma.fields.List(ma.fields.Nested(RecipeIngredientSchema), required=True)
    steps = ma.fields.List(ma.fields.String(), required=True)


class IngredientLineSchema(Schema):
    ingredient_id = Id()
    quantity = Quantity(metadata={"description": "for the whole recipe"})
    unit = ma.fields.String(required=True, validate=UNIT)


class CostedSchema(Schema):
    servings = Whole(1, 100)
    ingredients = ma.fields.List(
        ma.fields.Nested(IngredientLineSchema), required=True, validate=ma.validate.Length(1, 50)
    )


class NewRecipeSchema(CostedSchema):
    title = Text(required=True, validate=ma.validate.Length(1, 100))
    summary = Text(required=True, validate=ma.validate.Length(max=300))
    cook_minutes = Whole(1, 10080)
    tags = ma.fields.List(
        Text(validate=ma.validate.Length(1, 20)), required=True, validate=ma.validate.Length(max=10)
    )
    steps = ma.fields.List(
        Paragraphs(validate=ma.validate.Length(1, 1000)), required=True, validate=ma.validate.Length(1, 30)
    )

    @ma.post_load
    def name_tags_once(self, recipe: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**recipe, "tags": list(dict.fromkeys(recipe["tags"]))}


class ChangedRecipeSchema(NewRecipeSchema):
    version = Whole(1, 2**31 - 1, metadata={"description": "`version` of the recipe that was edited"})


class LineCostSchema(Schema):
    cost = ma.fields.Integer(required=True, metadata={"description": LINE_COST})


class CostSchema(Schema):
    cost_per_meal = ma.fields.Integer(required=True, metadata={"description": COST_PER_MEAL})
    total_cost = ma.fields.Integer(required=True, metadata={"description": TOTAL_COST})
    lines = ma.fields.List(ma.fields.Nested(LineCostSchema), required=True)


class IngredientNameSchema(Schema):
    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)


class CostPointSchema(Schema):
    at = ma.fields.AwareDateTime(required=True)
    cost_per_meal = ma.fields.Integer(required=True, metadata={"description": COST_PER_MEAL})
    ingredient = ma.fields.Nested(
        IngredientNameSchema,
        required=True,
        allow_none=True,
        metadata={"description": "whose price changed; null at the start, and where several did"},
    )


class CostHistorySchema(Schema):
    items = ma.fields.List(ma.fields.Nested(CostPointSchema), required=True)
