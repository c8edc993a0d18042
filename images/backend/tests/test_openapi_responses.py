"""A client that validates responses by the current document accepts responses of the next version.

The next version may add a field, a unit or a longer list. So response schemas are open, and request schemas
are closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cooking import Cook
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

CLOSES = {
    "additionalProperties", "unevaluatedProperties", "propertyNames", "maxProperties", "enum", "const",
    "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
    "minItems", "maxItems",
}  # fmt: skip


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from (path[method] for method in path.keys() - {"parameters"})


def objects(document: dict[str, Any], node: Any, seen: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object schema below the node, by name, each once."""
    if isinstance(node, list):
        for item in node:
            yield from objects(document, item, seen)
    elif isinstance(node, dict):
        name = node.get("$ref")
        if name is not None:
            if name in seen:
                return
            seen.add(name)
            node = document
            for part in name.removeprefix("#/").split("/"):
                node = node[part]
        if node.get("type") == "object":
            yield name or "", node
        for value in node.values():
            yield from objects(document, value, seen)


def bodies(document: dict[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """The schemas of all bodies of requests (`requestBody`) or responses (`responses`)."""
    seen: set[str] = set()
    return dict(objects(document, [operation.get(key) for operation in operations(document)], seen))


def closings(name: str, node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (f"{name} {key}: {node[key]}" for key in node.keys() & CLOSES if node[key] is not True)
        for key, value in node.items():
            yield from closings(f"{name} {key}", value)


def test_response_schemas_are_open(document: dict[str, Any]) -> None:
    responses = bodies(document, "responses")

    assert len(responses) > 20
    assert [line for name, schema in responses.items() for line in closings(name, schema)] == []


def test_request_schemas_are_closed(document: dict[str, Any]) -> None:
    sent = bodies(document, "requestBody")

    assert len(sent) > 10
    assert [name for name, schema in sent.items() if schema.get("additionalProperties") is not False] == []


@pytest.mark.parametrize(
    "path",
    [
        "/recipes",
        "/recipes/1",
        "/ingredients",
        "/ingredients/{ingredient_id}/prices",
        "/me/shopping-list",
        "/me/export",
    ],
)
def test_strict_client_accepts_a_response_with_more_fields(
    cook: Cook, document: dict[str, Any], path: str
) -> None:
    template = f"/api/v1{path}".replace("recipes/1", "recipes/{recipe_id}")
    [stated] = document["paths"][template]["get"]["responses"]["200"]["content"].values()
    response = cook.get(f"/api/v1{path}".replace("{ingredient_id}", "1")).json
    reader = Draft202012Validator({**stated["schema"], "components": document["components"]})
    reader.validate(response)

    reader.validate(with_more(response))


def with_more(node: Any) -> Any:
    """The response of a later version: each object has one more field, and each unit is new."""
    if isinstance(node, list):
        return [with_more(item) for item in node]
    if isinstance(node, dict):
        later = {key: "dozen" if "unit" in key.lower() else with_more(value) for key, value in node.items()}
        return {**later, "later": [1]}
    return node
