"""flask-smorest's Blueprint, for all our routes."""

from __future__ import annotations

import json
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser

from ..problems import Problem


class Parser(FlaskParser):
    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except json.JSONDecodeError:
            raise  # webargs answers it
        # It does not expect that the decoder gives up on [[[[… and on numbers of thousands of digits.
        except (ValueError, RecursionError) as error:
            raise Problem(400, "bad-request", "The body is not valid JSON.") from error


class Blueprint(flask_smorest.Blueprint):
    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: type[ma.Schema] | ma.Schema, **options: Any) -> Any:
        # Webargs would make an instance of a class for each request, a sixth of a cached answer's time.
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)
