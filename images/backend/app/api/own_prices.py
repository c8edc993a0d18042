"""The prices that the logged-in cook has reported."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from .. import prices
from ..models import User
from ..models.base import MAX_ID
from .blueprint import Blueprint
from .fields import QuerySchema, Schema
from .login_required import login_required
from .numbers import QueryWhole

blueprint = Blueprint("own-prices", __name__, description="Prices that the logged-in user has reported")


class OwnPricesArguments(QuerySchema):
    ingredient = QueryWhole(
        required=True, validate=ma.validate.Range(1, MAX_ID), metadata={"description": "id of the ingredient"}
    )


class PriceIdsSchema(Schema):
    ids = ma.fields.List(ma.fields.Integer(), required=True)


@blueprint.get("/prices/ids")
@login_required
@blueprint.arguments(OwnPricesArguments, location="query")
@blueprint.response(200, PriceIdsSchema)
def list_own_price_ids(user: User, arguments: dict[str, Any]) -> dict[str, Any]:
    """The ids of one's own prices of an ingredient, which one may take back."""
    return {"ids": prices.ids_reported_by(user.id, arguments["ingredient"])}
