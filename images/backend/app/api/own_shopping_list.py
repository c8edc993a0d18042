"""The shopping list of the logged-in user, shared by all devices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import marshmallow as ma

from .. import stored_list
from ..models import User
from .blueprint import Blueprint
from .fields import BodySchema, Schema, Text
from .login_required import login_required
from .numbers import Id, Quantity, Whole
from .recipe_schemas import ANY_BASE_UNIT, BASE_UNIT
from .shopping_list import MAX_RECIPES

blueprint = Blueprint("own-shopping-list", __name__, description="The shopping list of the logged-in user")
MAX_VERSION = 2**31 - 2
# 30 recipes of 50 lines have at most so many ingredients.
MAX_TICKS = 1500
# In base units: 30 recipes with the largest quantity, each for 100 servings instead of one.
MAX_BOUGHT = 10**13
TICKED = "quantity on the list when the item was ticked; 0: only a little"
TICKED_FOR = "ids of the recipes that needed the item when it was ticked"


def _distinct(name: str) -> Any:
    def check(items: list[dict[str, Any]]) -> None:
        if len({item[name] for item in items}) < len(items):
            raise ma.ValidationError("Must not name one twice.")

    return check


class ChosenSchema(Schema):
    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    servings = ma.fields.Integer(required=True)


class TickSchema(Schema):
    """A ticked item of the list: an ingredient, its quantity and its recipes at that time."""

    ingredient_id = ma.fields.Integer(required=True)
    quantity = ma.fields.Float(required=True, metadata={"description": TICKED})
    unit = ma.fields.String(required=True, metadata={"description": ANY_BASE_UNIT})
    recipes = ma.fields.List(ma.fields.Integer(), required=True, metadata={"description": TICKED_FOR})


class OwnListSchema(Schema):
    version = ma.fields.Integer(required=True, metadata={"description": "0: the account has no list yet"})
    recipes = ma.fields.List(ma.fields.Nested(ChosenSchema), required=True)
    ticks = ma.fields.List(ma.fields.Nested(TickSchema), required=True)


class NewChosenSchema(BodySchema):
    id = Id()
    title = Text(required=True, validate=ma.validate.Length(max=100))
    servings = Whole(1, 100)


class NewTickSchema(BodySchema):
    ingredient_id = Id()
    quantity = Quantity(Decimal(0), MAX_BOUGHT, metadata={"description": TICKED})
    unit = ma.fields.String(required=True, validate=BASE_UNIT)
    recipes = ma.fields.List(
        Id(),
        required=True,
        validate=ma.validate.Length(1, MAX_RECIPES),
        metadata={"description": TICKED_FOR},
    )


class NewOwnListSchema(BodySchema):
    version = Whole(
        0, MAX_VERSION, metadata={"description": "version on which the change is based; 0: no list yet"}
    )
    recipes = ma.fields.List(
        ma.fields.Nested(NewChosenSchema),
        required=True,
        validate=[ma.validate.Length(max=MAX_RECIPES), _distinct("id")],
    )
    ticks = ma.fields.List(
        ma.fields.Nested(NewTickSchema),
        required=True,
        validate=[ma.validate.Length(max=MAX_TICKS), _distinct("ingredient_id")],
    )


@blueprint.get("/shopping-list")
@login_required
@blueprint.response(200, OwnListSchema)
def get_own_shopping_list(user: User) -> dict[str, Any]:
    """The shopping list of the user's account."""
    return stored_list.read(user.id)


@blueprint.put("/shopping-list")
@login_required
@blueprint.arguments(NewOwnListSchema)
@blueprint.response(200, OwnListSchema)
@blueprint.alt_response(409, "CONFLICT")
def replace_own_shopping_list(user: User, changed: dict[str, Any]) -> dict[str, Any]:
    """Replace the shopping list, unless it has changed since `version`."""
    version = changed.pop("version")
    for tick in changed["ticks"]:
        tick["quantity"] = float(tick["quantity"])
    return stored_list.replace(user.id, version, changed)
