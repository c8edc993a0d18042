"""A user as the API shows it."""

from __future__ import annotations

import marshmallow as ma

from .fields import Schema


class UserSchema(Schema):
    id = ma.fields.Integer(required=True)
    email = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
