"""The HTTP API: /api/v1, the probes, and the OpenAPI document that is generated from both."""

from __future__ import annotations

from http import HTTPStatus

import flask_smorest
from flask import Flask, Response, request
from flask_smorest.utils import prepare_response

from ..problems import CONTENT_TYPE, ProblemSchema, from_http_exception
from . import (
    auth,
    export,
    health,
    ingredients,
    me,
    own_prices,
    own_recipes,
    own_shopping_list,
    prices,
    recipes,
    refresh_cookie,
    shopping_list,
    tags,
)
from .numbers import PathWhole

PREFIX = "/api/v1"
RETRY_AFTER = {
    "Retry-After": {"schema": {"type": "integer", "minimum": 0}, "description": "minimum seconds to wait"}
}
# Responses that may also be transient errors.
_PASSES = {"TOO_MANY_REQUESTS", "SERVICE_UNAVAILABLE", "DEFAULT_ERROR"}


class Api(flask_smorest.Api):
    """flask-smorest with problem documents as its errors."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error):
        return from_http_exception(error)

    def _register_responses(self) -> None:
        # As in flask-smorest, except for the content type, which has no setting.
        errors = {status.name: status.phrase for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST}
        for name, description in {**errors, "DEFAULT_ERROR": "Any other error"}.items():
            response = {"description": description, "schema": self.ERROR_SCHEMA}
            if name in _PASSES:
                response["headers"] = RETRY_AFTER
            prepare_response(response, self.spec, CONTENT_TYPE)
            self.spec.components.response(name, response, lazy=True)


def init_app(app: Flask) -> None:
    app.config.update(
        API_TITLE="한끼얼마",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.url_map.converters["int"] = PathWhole
    api = Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    api.spec.components.security_scheme(
        "refreshCookie", {"type": "apiKey", "in": "cookie", "name": app.config["REFRESH_COOKIE"]}
    )
    api.register_blueprint(auth.blueprint, url_prefix=refresh_cookie.PREFIX)
    api.register_blueprint(me.blueprint, url_prefix=f"{PREFIX}/me")
    for module in (own_recipes, own_prices, own_shopping_list, export):
        api.register_blueprint(module.blueprint, url_prefix=f"{PREFIX}/me")
    api.register_blueprint(prices.blueprint, url_prefix=f"{PREFIX}/{ingredients.blueprint.name}")
    for module in (recipes, ingredients, shopping_list, tags):
        api.register_blueprint(module.blueprint, url_prefix=f"{PREFIX}/{module.blueprint.name}")
    api.register_blueprint(health.blueprint, url_prefix="/healthz")
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
