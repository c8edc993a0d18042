"""Ingredients: their names, units of sale and current prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import marshmallow as ma
from flask import Response, url_for

from .. import ingredients
from ..idempotency import Once
from ..models import User
from ..models.base import MAX_ID
from ..units import MAX_TABLESPOON, MIN_TABLESPOON
from .blueprint import Blueprint
from .fields import BodySchema, Schema, Text
from .login_required import login_required
from .numbers import Quantity
from .once import once
from .pages import PageArguments, PageSchema, is_first_page
from .prices import PER, PRICE, NewPriceSchema
from .public import public
from .recipe_schemas import AISLE, ANY_AISLE, ANY_BASE_UNIT, BASE_UNIT, TABLESPOON

blueprint = Blueprint("ingredients", __name__, description="Ingredients")
ONE = f"/<int(min=1, max={MAX_ID}):ingredient_id>"
IN_AISLE = "aisle of a shop; null: unknown"


class IngredientListArguments(PageArguments):
    orders = {"name": ingredients.BY_NAME, "best": ingredients.BEST}  # noqa: RUF012 - declared a ClassVar

    q = Text(
        validate=ma.validate.Length(max=100),
        metadata={"description": "words; each must be part of the name or of an alias; the best match first"},
    )


class IngredientSchema(Schema):
    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    unit = ma.fields.String(required=True, metadata={"description": ANY_BASE_UNIT})
    price = ma.fields.Integer(required=True, metadata={"description": PRICE})
    per = ma.fields.Float(required=True, metadata={"description": PER})
    updated_at = ma.fields.AwareDateTime(required=True, metadata={"description": "time of the current price"})
    aliases = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "other names, which a search finds too"}
    )
    tablespoon_grams = ma.fields.Float(required=True, allow_none=True, metadata={"description": TABLESPOON})
    aisle = ma.fields.String(required=True, allow_none=True, metadata={"description": ANY_AISLE})


class IngredientPageSchema(PageSchema):
    items = ma.fields.List(ma.fields.Nested(IngredientSchema), required=True)


class NewIngredientSchema(NewPriceSchema):
    name = Text(required=True, validate=ma.validate.Length(1, 50))
    unit = ma.fields.String(required=True, validate=BASE_UNIT)
    aisle = ma.fields.String(
        load_default=None, allow_none=True, validate=AISLE, metadata={"description": IN_AISLE}
    )


class TablespoonSchema(BodySchema):
    grams = Quantity(
        Decimal(MIN_TABLESPOON),
        MAX_TABLESPOON,
        metadata={"description": "weight of a tablespoon (15 ml), in g"},
    )


class AisleSchema(BodySchema):
    aisle = ma.fields.String(
        required=True, allow_none=True, validate=AISLE, metadata={"description": IN_AISLE}
    )


@blueprint.get("")
@blueprint.arguments(IngredientListArguments, location="query")
@blueprint.public_response(IngredientPageSchema)
def list_ingredients(arguments: dict[str, Any]) -> Response:
    """A page of the ingredients in alphabetical order, or of the results of a search."""
    key = "ingredients" if is_first_page(arguments) else None
    return public(IngredientPageSchema, lambda: ingredients.list_ingredients(**arguments), key=key)


@blueprint.post("")
@login_required
@once
@blueprint.arguments(NewIngredientSchema)
@blueprint.response(201, IngredientSchema, headers={"Location": {"schema": {"type": "string"}}})
@blueprint.alt_response(409, "CONFLICT")
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
def create_ingredient(
    user: User, ingredient: dict[str, Any], once: Once | None
) -> tuple[Any, int, dict[str, str]]:
    """Add an ingredient with its price."""
    created = ingredients.create(user, **ingredient, once=once)
    return created, 201, {"Location": url_for(".get_ingredient", ingredient_id=created.id)}


@blueprint.get(ONE)
@blueprint.public_response(IngredientSchema)
@blueprint.alt_response(404, "NOT_FOUND")
def get_ingredient(ingredient_id: int) -> Response:
    """One ingredient with its current price."""
    return public(IngredientSchema, lambda: ingredients.get(ingredient_id), key=f"ingredient:{ingredient_id}")


@blueprint.put(f"{ONE}/tablespoon")
@login_required
@blueprint.arguments(TablespoonSchema)
@blueprint.response(200, IngredientSchema)
@blueprint.alt_response(404, "NOT_FOUND")
@blueprint.alt_response(409, "CONFLICT")
def set_tablespoon(_: User, tablespoon: dict[str, Any], ingredient_id: int) -> Any:
    """Set the weight of a tablespoon if it is unknown. Only an operator changes a known weight."""
    return ingredients.set_tablespoon(ingredient_id, tablespoon["grams"])


@blueprint.put(f"{ONE}/aisle")
@login_required
@blueprint.arguments(AisleSchema)
@blueprint.response(200, IngredientSchema)
@blueprint.alt_response(404, "NOT_FOUND")
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
def set_aisle(user: User, body: dict[str, Any], ingredient_id: int) -> Any:
    """Set the aisle. Any user may change it, because no cost depends on it."""
    return ingredients.set_aisle(user, ingredient_id, body["aisle"])
