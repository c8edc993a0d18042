"""The tags that recipes have."""

from __future__ import annotations

import marshmallow as ma
from flask import Response

from .. import recipes
from .blueprint import Blueprint
from .fields import Schema
from .public import public

blueprint = Blueprint("tags", __name__, description="Tags of recipes")


class TagSchema(Schema):
    name = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True, metadata={"description": "number of recipes with this tag"})


class TagListSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(TagSchema), required=True)


@blueprint.get("")
@blueprint.public_response(TagListSchema)
def list_tags() -> Response:
    """The most frequent tags, the most frequent first. Recipes can be filtered by other tags too."""
    return public(TagListSchema, lambda: {"items": recipes.list_tags()}, key="tags")
