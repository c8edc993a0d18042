"""Schemas of a recipe, for requests and responses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import marshmallow as ma

from ..aisles import Aisle
from ..units import Unit
from .fields import BodySchema, Paragraphs, Schema, Text
from .numbers import Id, Quantity, Whole
from .pages import PageSchema

UNIT = ma.validate.OneOf([str(unit) for unit in Unit])
BASE_UNIT = ma.validate.OneOf(["g", "ml", "piece"])
COST_PER_MEAL = "won for one serving, the exact cost rounded half up once"
TOTAL_COST = "won for the whole recipe, the exact cost rounded half up once"
LINE_COST = "won for the whole recipe, each line rounded half up separately"
UNIT_NOTE = 'a cup is 200 ml; `little` is "a little": its quantity is 0 and it costs nothing'
MAY_GROW = "a later release may add a unit"
ANY_UNIT = f"{', '.join(Unit)}: {UNIT_NOTE}; {MAY_GROW}"
ANY_BASE_UNIT = f"g, ml, piece; {MAY_GROW}"
AISLE = ma.validate.OneOf([str(aisle) for aisle in Aisle])
TABLESPOON = "weight of a tablespoon (15 ml), in g; null: unknown"
ANY_AISLE = f"aisle of a shop: {', '.join(Aisle)}; null: unknown; a later release may add an aisle"


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
        metadata={"description": "null: a recipe of the site itself"},
    )


class RecipePageSchema(PageSchema):
    items = ma.fields.List(ma.fields.Nested(RecipeSummarySchema), required=True)
    total = ma.fields.Integer(
        metadata={
            "description": "number of recipes on all pages; only on the first page, and not for favourites"
        }
    )


class RecipeIngredientSchema(Schema):
    ingredient_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    quantity = ma.fields.Float(required=True, metadata={"description": "for the whole recipe"})
    unit = ma.fields.String(required=True, metadata={"description": ANY_UNIT})
    cost = ma.fields.Integer(required=True, metadata={"description": LINE_COST})
    price = ma.fields.Integer(required=True, metadata={"description": "price of `per`, in won"})
    per = ma.fields.Float(required=True, metadata={"description": "quantity of this price, in `priceUnit`"})
    price_unit = ma.fields.String(required=True, metadata={"description": ANY_BASE_UNIT})
    tablespoon_grams = ma.fields.Float(required=True, allow_none=True, metadata={"description": TABLESPOON})


class RecipeSchema(RecipeSummarySchema):
    author_id = ma.fields.Integer(required=True, allow_none=True)
    version = ma.fields.Integer(required=True, metadata={"description": "an edit must send it"})
    created_at = ma.fields.AwareDateTime(required=True)
    updated_at = ma.fields.AwareDateTime(required=True)
    total_cost = ma.fields.Integer(required=True, metadata={"description": TOTAL_COST})
    ingredients = ma.fields.List(ma.fields.Nested(RecipeIngredientSchema), required=True)
    steps = ma.fields.List(ma.fields.String(), required=True)


class IngredientLineSchema(BodySchema):
    ingredient_id = Id()
    quantity = Quantity(Decimal(0), metadata={"description": "for the whole recipe"})
    unit = ma.fields.String(required=True, validate=UNIT, metadata={"description": UNIT_NOTE})

    @ma.validates_schema(skip_on_field_errors=False)
    def measure(self, line: dict[str, Any], **_: Any) -> None:
        """Require a quantity, except for "a little", which has the quantity 0."""
        if "unit" not in line or "quantity" not in line:
            return
        if line["unit"] == Unit.LITTLE and line["quantity"] != 0:
            raise ma.ValidationError("Must be 0 with the unit 'little'.", "quantity")
        if line["unit"] != Unit.LITTLE and line["quantity"] == 0:
            raise ma.ValidationError("Must be greater than 0, unless the unit is 'little'.", "quantity")


class CostedSchema(BodySchema):
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
    version = Whole(1, 2**31 - 1, metadata={"description": "`version` on which the edit is based"})


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
        metadata={"description": "whose price changed; null at the first point, and if several changed"},
    )


class CostHistorySchema(Schema):
    items = ma.fields.List(ma.fields.Nested(CostPointSchema), required=True)
