"""A repeated request, after a second click or a lost response, creates one object."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cooking import INGREDIENTS, RECIPES, Cook
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres
from werkzeug.test import TestResponse

Creation = tuple[str, dict[str, Any]]


def post(client: FlaskClient, cook: Cook, path: str, body: object, key: str | None) -> TestResponse:
    headers = cook.headers if key is None else {**cook.headers, "Idempotency-Key": key}
    return client.post(path, json=body, headers=headers)


def recipe(cook: Cook) -> Creation:
    return RECIPES, cook.content()


def ingredient(cook: Cook) -> Creation:
    return INGREDIENTS, {"name": "아무도 모르는 재료", "unit": "g", "price": 900, "per": 300}


def price(cook: Cook) -> Creation:
    return f"{INGREDIENTS}/{cook.ingredient()}/prices", {"price": 150, "per": 1}


ALL = pytest.mark.parametrize("creation", [recipe, ingredient, price])


@pytest.fixture
def count(postgres: Postgres, database: str) -> Callable[[str], int]:
    """The number of rows of a table."""
    return lambda table: postgres.execute(f"SELECT count(*) FROM {table}", database)[0][0]


def table_of(path: str) -> str:
    return "ingredient_prices" if path.endswith("/prices") else path.split("/")[-1]


@ALL
def test_repeated_request_returns_the_existing_object(
    client: FlaskClient, cook: Cook, count: Callable[[str], int], creation: Callable[[Cook], Creation]
) -> None:
    path, body = creation(cook)
    before = count(table_of(path))

    first, again = (post(client, cook, path, body, "8e03978e-40d5-43dd-bc93-6894a57f9324") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert again.headers.get("Location") == first.headers.get("Location")
    assert count(table_of(path)) == before + 1


@ALL
def test_concurrent_equal_requests_create_one_object(
    app: Flask, cook: Cook, count: Callable[[str], int], creation: Callable[[Cook], Creation]
) -> None:
    path, body = creation(cook)
    before = count(table_of(path))

    with ThreadPoolExecutor(3) as pool:
        responses = list(pool.map(lambda key: post(app.test_client(), cook, path, body, key), ["key"] * 3))

    assert [response.status_code for response in responses] == [201] * 3
    assert responses[0].json == responses[1].json == responses[2].json
    assert count(table_of(path)) == before + 1


def test_quotes_are_not_part_of_the_key(client: FlaskClient, cook: Cook) -> None:
    path, body = recipe(cook)

    ids = {post(client, cook, path, body, key).json["id"] for key in ("key", '"key"')}

    assert len(ids) == 1


def test_another_key_no_key_or_another_user_creates_another_object(client: FlaskClient, cook: Cook) -> None:
    path, body = recipe(cook)
    other = Cook(client, name="다른 사람")

    asked = [(cook, "first"), (cook, "second"), (cook, None), (cook, None), (other, "first")]
    ids = {post(client, who, path, body, key).json["id"] for who, key in asked}

    assert len(ids) == 5


@pytest.mark.parametrize("change", ["body", "path"])
def test_key_is_refused_for_another_request(client: FlaskClient, cook: Cook, change: str) -> None:
    path, body = price(cook)
    other = {"body": (path, {**body, "price": 901}), "path": price(cook)}[change]
    assert post(client, cook, path, body, "key").status_code == 201

    refused = post(client, cook, *other, "key")

    assert (refused.status_code, refused.json["type"]) == (422, "urn:hankki:problem:idempotency-key-reused")


def test_failed_request_may_be_repeated(client: FlaskClient, cook: Cook) -> None:
    path, body = ingredient(cook)
    taken = cook.ingredient(name=body["name"])
    assert post(client, cook, path, body, "key").status_code == 409

    renamed = post(client, cook, path, {**body, "name": "또 다른 재료"}, "key")

    assert renamed.status_code == 201
    assert renamed.json["id"] != taken


@pytest.mark.parametrize("key", ["", " ", '""', "a b", "가", "x" * 256, 'a"b', "a\\b"])
def test_malformed_key_is_refused(client: FlaskClient, cook: Cook, key: str) -> None:
    path, body = recipe(cook)

    refused = post(client, cook, path, body, key)

    assert refused.status_code == 422
    assert [error["parameter"] for error in refused.json["errors"]] == ["Idempotency-Key"]


def test_deleted_object_is_not_created_again(client: FlaskClient, cook: Cook) -> None:
    path, body = recipe(cook)
    made = post(client, cook, path, body, "key").json["id"]
    assert cook.delete(f"{RECIPES}/{made}").status_code == 204

    assert post(client, cook, path, body, "key").status_code == 404


def test_keys_expire_after_a_day_and_are_removed(
    client: FlaskClient, cook: Cook, postgres: Postgres, database: str, count: Callable[[str], int]
) -> None:
    path, body = recipe(cook)
    first = post(client, cook, path, body, "key").json["id"]
    postgres.execute(
        "UPDATE idempotency_keys SET created_at = now() - interval '23 hours 50 minutes'", database
    )
    assert post(client, cook, path, body, "key").json["id"] == first
    postgres.execute(
        "UPDATE idempotency_keys SET created_at = now() - interval '24 hours 1 minute'", database
    )

    assert post(client, cook, path, body, "key").json["id"] != first

    postgres.execute("UPDATE idempotency_keys SET created_at = now() - interval '2 days'", database)
    Cook(client, name="다른 사람")
    assert post(client, cook, path, body, "another").status_code == 201
    assert count("idempotency_keys") == 1


def test_cors_allows_the_key(client: FlaskClient, app: Flask) -> None:
    asked = {
        "Origin": app.config["ALLOWED_ORIGIN"],
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    }

    allowed = client.options(RECIPES, headers=asked).headers["Access-Control-Allow-Headers"]

    assert "idempotency-key" in allowed.lower()
