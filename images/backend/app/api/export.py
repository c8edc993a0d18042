"""Export of an account's data as a file."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from ..export import export
from ..models import User
from .blueprint import Blueprint
from .fields import Schema
from .login_required import login_required
from .own_shopping_list import OwnListSchema
from .prices import PriceSchema
from .recipe_schemas import IngredientNameSchema, RecipeSchema
from .users import UserSchema

blueprint = Blueprint("export", __name__, description="All data of the logged-in user")
FILE = {"Content-Disposition": 'attachment; filename="hankki.json"'}


class AccountSchema(UserSchema):
    created_at = ma.fields.AwareDateTime(required=True)


class FavouriteSchema(Schema):
    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)


class OwnPriceSchema(PriceSchema):
    ingredient = ma.fields.Nested(IngredientNameSchema, required=True)


class ExportSchema(Schema):
    account = ma.fields.Nested(AccountSchema, required=True)
    recipes = ma.fields.List(ma.fields.Nested(RecipeSchema), required=True)
    favourites = ma.fields.List(ma.fields.Nested(FavouriteSchema), required=True)
    shopping_list = ma.fields.Nested(OwnListSchema, required=True)
    prices = ma.fields.List(ma.fields.Nested(OwnPriceSchema), required=True)


@blueprint.get("/export")
@login_required
@blueprint.response(200, ExportSchema, headers={"Content-Disposition": {"schema": {"type": "string"}}})
def get_export(user: User) -> tuple[dict[str, Any], dict[str, str]]:
    """All that one's account has, as a file."""
    return export(user), FILE
