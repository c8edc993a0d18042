"""Export of an account's data as a file."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import marshmallow as ma
from flask import Response, current_app, stream_with_context

from ..export import export
from ..models import User
from ..problems import RETRY_AFTER, Problem
from .blueprint import Blueprint
from .fields import Schema
from .login_required import login_required
from .own_shopping_list import OwnListSchema
from .prices import PriceSchema
from .recipe_schemas import IngredientNameSchema, RecipeSchema
from .users import UserSchema

blueprint = Blueprint("export", __name__, description="All data of the logged-in user")
# An export is larger than the kernel's buffer, so its thread waits for the client: for at most SECONDS, the
# time that the site's page waits, and in one thread of a worker.
SECONDS = 60
one_at_a_time = threading.Lock()
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
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def get_export(user: User) -> Response:
    """All data of the user's account, as a file."""
    if not one_at_a_time.acquire(blocking=False):
        detail = "Another export is being sent. Try again in a moment."
        raise Problem(503, "export-busy", detail, headers=RETRY_AFTER)
    try:
        pieces = _within(SECONDS, _document(export(user)))
        response = Response(stream_with_context(pieces), content_type="application/json", headers=FILE)
    except BaseException:
        one_at_a_time.release()
        raise
    response.call_on_close(one_at_a_time.release)
    return response


def _document(data: dict[str, Any]) -> Iterator[str]:
    """The document as JSON text, one item of a list at a time."""
    schema, dumps = ExportSchema(), current_app.json.dumps
    before = "{"
    for name, value in data.items():
        field = schema.fields[name]
        yield f'{before}"{field.data_key}":'
        before = ",\n"
        if isinstance(field, ma.fields.List):
            yield from _list(dumps(field.inner.serialize("item", {"item": item})) for item in value)
        else:
            yield dumps(field.serialize(name, data))
    yield "}\n"


def _list(items: Iterable[str]) -> Iterator[str]:
    before = "[\n"
    for item in items:
        yield before + item
        before = ",\n"
    yield "[]" if before == "[\n" else "\n]"


def _within(seconds: float, pieces: Iterable[str]) -> Iterator[str]:
    """The pieces, or a TimeoutError, which closes the connection: the client notices the missing part."""
    end = time.monotonic() + seconds
    for piece in pieces:
        if time.monotonic() > end:
            raise TimeoutError(f"the client has not read the export within {seconds} s")
        yield piece
