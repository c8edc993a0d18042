"""Schemas of a user, for requests and responses."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from .fields import Password, Schema, Text


class UserSchema(Schema):
    id = ma.fields.Integer(required=True)
    email = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class Name(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=ma.validate.Length(1, 50), **kwargs)


class NewPassword(Password):
    def __init__(self, **kwargs: Any) -> None:
        # The maximum limits the time of hashing.
        super().__init__(load_only=True, validate=ma.validate.Length(8, 128), **kwargs)


class GivenPassword(Password):
    """A password to verify: other rules may have applied when it was chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(load_only=True, validate=ma.validate.Length(1, 128), **kwargs)
