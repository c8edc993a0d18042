"""The generated OpenAPI document is valid and complete."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate


@pytest.fixture
def document(client: FlaskClient) -> dict:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    return response.json


def test_document_is_valid(document: dict) -> None:
    validate(document)


def test_document_covers_every_route(app: Flask, document: dict) -> None:
    routes = {
        (re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint != "api-docs.openapi_json"
    }
    documented = {
        (path, method)
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    }

    assert documented == routes


def test_every_error_is_a_problem_document(document: dict) -> None:
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]
    for path, item in document["paths"].items():
        for method in item.keys() - {"parameters"}:
            assert "default" in item[method]["responses"], (method, path)


def test_protected_routes_are_documented(document: dict) -> None:
    me = document["paths"]["/api/v1/me"]["get"]

    assert me["security"] == [{"bearer": []}]
    assert "401" in me["responses"]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_cacheable_responses_are_documented(app: Flask, document: dict) -> None:
    client = app.test_client()
    for path in ("/recipes", "/recipes/1", "/recipes/1/cost-history", "/ingredients/1/prices", "/tags"):
        etag = client.get(f"/api/v1{path}").headers["ETag"]
        assert client.get(f"/api/v1{path}", headers={"If-None-Match": etag}).status_code == 304
        template = re.sub("recipes/1", "recipes/{recipe_id}", path)
        template = re.sub("ingredients/1", "ingredients/{ingredient_id}", template)
        responses = document["paths"][f"/api/v1{template}"]["get"]["responses"]
        assert responses["200"]["headers"]["ETag"]["required"]
        assert responses["304"]["headers"]["ETag"]["required"]
        assert "content" not in responses["304"]


def test_transient_errors_have_retry_after(document: dict) -> None:
    responses = document["components"]["responses"]

    for name in ("TOO_MANY_REQUESTS", "SERVICE_UNAVAILABLE", "DEFAULT_ERROR"):
        assert responses[name]["headers"]["Retry-After"]["schema"]["type"] == "integer"
    assert "headers" not in responses["NOT_FOUND"]
