"""Schemas and fields that all routes share."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import marshmallow as ma

from ..canonical import visible


class Schema(ma.Schema):
    """A JSON object in a response: camelCase in JSON, snake_case in Python.

    The OpenAPI document describes it as open and without limits, because a later version may add fields and
    units.
    """

    class Meta:
        unknown = ma.EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field) -> None:
        head, *tail = (field_obj.data_key or field_name).split("_")
        field_obj.data_key = head + "".join(part.capitalize() for part in tail)


class BodySchema(Schema):
    """A JSON object that a client sends; an unknown key is an error."""

    class Meta:
        unknown = ma.RAISE


class QuerySchema(Schema):
    """A query string; unknown parameters (a tracker's, say) are ignored."""


# Tabs, line ends and page ends, which pasted text may contain invisibly.
_LAYOUT = re.compile("\r\n|[\t-\r\x85\u2028\u2029]")
_LINE_END = re.compile("\r\n|[\n-\r\x85\u2028\u2029]")
_EMPTY_LINES = re.compile("\n{3,}")


class Text(ma.fields.String):
    """A line of text, normalized by `canonical.visible`, without control characters.

    Invisible characters are removed, so a text of fillers only is empty.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return self._clean(_LAYOUT.sub(" ", super()._deserialize(value, attr, data, **kwargs)))

    def _clean(self, text: str) -> str:
        # PostgreSQL rejects NUL and lone surrogates; the other characters are not text.
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text.replace("\n", "")):
            raise ma.ValidationError("Must not contain control characters.")
        return visible(text)


class Paragraphs(Text):
    """A text of several lines: each end of a line is one `\\n`, and at most one line between two is empty."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = ma.fields.String._deserialize(self, value, attr, data, **kwargs)
        text = _LINE_END.sub("\n", text).replace("\t", " ")
        return _EMPTY_LINES.sub("\n\n", self._clean(text))


class Flag(ma.fields.Boolean):
    """`true` or `false`, and not what looks like one, such as 1 or "yes"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Password(ma.fields.String):
    """A password: any characters, unchanged."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        password = super()._deserialize(value, attr, data, **kwargs)
        # JSON can contain a lone surrogate, which UTF-8 cannot encode.
        if any(unicodedata.category(character) == "Cs" for character in password):
            raise ma.ValidationError("Not valid Unicode.")
        return password


class Email(Text):
    """An e-mail address in lower case: Kim@example.com and kim@example.com are the same account."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=[ma.validate.Length(max=254), ma.validate.Email()], **kwargs)
        self.metadata.setdefault("format", "email")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs).lower()
