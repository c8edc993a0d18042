"""The prices that the logged-in user has reported."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from .. import prices
from ..models import User
from ..models.base import MAX_ID
from .blueprint import Blueprint
from .login_required import login_required
from .numbers import QueryWhole
from .pages import MAX_LIMIT, PageArguments, PageSchema

blueprint = Blueprint("own-prices", __name__, description="Prices that the logged-in user has reported")


class OwnPricesArguments(PageArguments):
    orders = {"latest": prices.LATEST}  # noqa: RUF012 - declared a ClassVar

    limit = QueryWhole(load_default=MAX_LIMIT, validate=ma.validate.Range(1, MAX_LIMIT))
    ingredient = QueryWhole(
        required=True, validate=ma.validate.Range(1, MAX_ID), metadata={"description": "id of the ingredient"}
    )


class PriceIdsSchema(PageSchema):
    ids = ma.fields.List(ma.fields.Integer(), required=True)


@blueprint.get("/prices/ids")
@login_required
@blueprint.arguments(OwnPricesArguments, location="query")
@blueprint.response(200, PriceIdsSchema)
def list_own_price_ids(user: User, arguments: dict[str, Any]) -> dict[str, Any]:
    """A page of the ids of the prices that the user reported for an ingredient, the newest page first.

    The user can withdraw these prices. The first n pages contain all such ids of the first n pages of the
    ingredient's prices.
    """
    return prices.ids_reported_by(user.id, arguments.pop("ingredient"), **arguments)
