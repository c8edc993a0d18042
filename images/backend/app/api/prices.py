"""The prices of an ingredient, and the effect of a new price on the cost of meals."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response

from .. import prices, recipes
from ..idempotency import Once
from ..models import IngredientPrice, User
from ..models.base import MAX_ID
from .blueprint import Blueprint
from .fields import BodySchema, Flag, Schema
from .login_required import login_required
from .numbers import MAX_PER, MAX_PRICE, MIN_PER, Quantity, QueryWhole, Whole
from .once import once
from .pages import MAX_LIMIT, PageArguments, PageSchema, is_first_page
from .public import public
from .recipe_schemas import COST_PER_MEAL

blueprint = Blueprint("prices", __name__, description="Prices of ingredients")
OF_ONE = f"/<int(min=1, max={MAX_ID}):ingredient_id>/prices"
ONE = f"{OF_ONE}/<int(min=1, max={MAX_ID}):price_id>"
PRICE = "price of `per`, in won"
PER = "the quantity of this price, in the ingredient's unit"


class NewPriceSchema(BodySchema):
    price = Whole(1, MAX_PRICE, metadata={"description": PRICE})
    per = Quantity(MIN_PER, MAX_PER, metadata={"description": PER})


class ReportedPriceSchema(NewPriceSchema):
    confirm = Flag(
        load_default=False,
        metadata={"description": "also accept a price that differs from the latest one by a large factor"},
    )


class PriceSchema(Schema):
    id = ma.fields.Integer(required=True)
    price = ma.fields.Integer(required=True, metadata={"description": PRICE})
    per = ma.fields.Float(required=True, metadata={"description": PER})
    at = ma.fields.AwareDateTime(required=True)


class PriceListArguments(PageArguments):
    orders = {"latest": prices.LATEST, "newest": prices.NEWEST}  # noqa: RUF012 - declared a ClassVar

    limit = QueryWhole(load_default=MAX_LIMIT, validate=ma.validate.Range(1, MAX_LIMIT))
    sort = ma.fields.String(
        validate=ma.validate.OneOf(["newest"]),
        metadata={"description": "newest first; without `sort`, the prices of each page are oldest first"},
    )


class PriceListSchema(PageSchema):
    items = ma.fields.List(ma.fields.Nested(PriceSchema), required=True)


class MovedRecipeSchema(Schema):
    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    cost_per_meal_before = ma.fields.Integer(
        required=True, metadata={"description": f"{COST_PER_MEAL}, at the previous price"}
    )
    cost_per_meal = ma.fields.Integer(
        required=True, metadata={"description": f"{COST_PER_MEAL}, at this price"}
    )
    difference = ma.fields.Integer(required=True, metadata={"description": "won; negative: now cheaper"})


class MovedRecipesSchema(Schema):
    items = ma.fields.List(
        ma.fields.Nested(MovedRecipeSchema),
        required=True,
        metadata={"description": f"the largest change first, at most {recipes.MOST_MOVED}"},
    )
    total = ma.fields.Integer(
        required=True, metadata={"description": "number of recipes with a changed cost, before rounding"}
    )


@blueprint.get(OF_ONE)
@blueprint.arguments(PriceListArguments, location="query")
@blueprint.public_response(PriceListSchema)
@blueprint.alt_response(404, "NOT_FOUND")
def list_prices(arguments: dict[str, Any], ingredient_id: int) -> Response:
    """A page of an ingredient's prices, the newest page first."""
    is_first = is_first_page(arguments, MAX_LIMIT)
    key = f"ingredient:{ingredient_id}:prices:{arguments['order'].name}" if is_first else None
    return public(PriceListSchema, lambda: prices.history(ingredient_id, **arguments), key=key)


@blueprint.post(OF_ONE)
@login_required
@once
@blueprint.arguments(ReportedPriceSchema)
@blueprint.response(201, PriceSchema)
@blueprint.alt_response(404, "NOT_FOUND")
@blueprint.alt_response(409, "CONFLICT")
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
def add_price(user: User, price: dict[str, Any], ingredient_id: int, once: Once | None) -> IngredientPrice:
    """Report the current price. Without `confirm`, an unusual price is refused: 409 `price-unusual`."""
    return prices.report(user, ingredient_id, **price, once=once)


@blueprint.delete(ONE)
@login_required
@blueprint.response(204)
@blueprint.alt_response(403, "FORBIDDEN")
@blueprint.alt_response(404, "NOT_FOUND")
@blueprint.alt_response(409, "CONFLICT")
def withdraw_price(user: User, ingredient_id: int, price_id: int) -> None:
    """Withdraw a price that the user reported, unless it is the ingredient's only price."""
    prices.withdraw(user, ingredient_id, price_id)


@blueprint.get(f"{ONE}/moved-recipes")
@blueprint.public_response(MovedRecipesSchema)
@blueprint.alt_response(404, "NOT_FOUND")
def list_moved_recipes(ingredient_id: int, price_id: int) -> Response:
    """The recipes whose cost a price changed. All other prices are those of today."""
    key = f"ingredient:{ingredient_id}:moved:{price_id}"
    return public(MovedRecipesSchema, lambda: recipes.moved_by(ingredient_id, price_id), key=key)
