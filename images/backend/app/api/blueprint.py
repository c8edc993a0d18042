"""flask-smorest's Blueprint with our defaults, for all routes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser

from ..problems import Problem

View = Callable[..., Any]


class Parser(FlaskParser):
    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        # webargs would treat a body of another type as missing and report every field.
        if not req.is_json and (req.content_length or req.headers.get("Transfer-Encoding")):
            raise Problem(
                415, "unsupported-media-type", "The body must be JSON: Content-Type: application/json."
            )
        return super().load_json(req, schema)

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except json.JSONDecodeError:
            raise  # webargs reports it
        # webargs does not handle the decoder's errors for deep nesting ([[[[…) and numbers with thousands of
        # digits.
        except (ValueError, RecursionError) as error:
            raise Problem(400, "bad-request", "The body is not valid JSON.") from error


ETAG = {"ETag": {"schema": {"type": "string"}, "required": True, "description": "version of the response"}}
NOT_MODIFIED = "The client has this version: If-None-Match of the request is the ETag."


class Blueprint(flask_smorest.Blueprint):
    ARGUMENTS_PARSER = Parser()

    def public_response(self, schema: type[ma.Schema]) -> Callable[[View], View]:
        """Document the responses of a route that returns `public(schema, …)`."""

        def decorate(view: View) -> View:
            view = self.alt_response(304, description=NOT_MODIFIED, headers=ETAG)(view)
            return self.response(200, schema, headers=ETAG)(view)

        return decorate

    def arguments(self, schema: type[ma.Schema] | ma.Schema, **options: Any) -> Any:
        # webargs would create an instance of a class for each request, a sixth of the time of a cached
        # response.
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)
