"""Every error is a problem document, and invalid input is reported with all errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from accounts import login, signup
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres, free_port
from werkzeug.test import TestResponse

from app import recipes


def check(response: TestResponse, status: int, name: str) -> dict:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    document = response.json
    assert document["status"] == status
    assert document["type"] == f"urn:hankki:problem:{name}"
    assert document["title"]
    assert document["detail"]
    return document


def test_all_errors_of_a_body_are_reported(client: FlaskClient) -> None:
    response = client.post("/api/v1/auth/signup", json={"email": "kim", "password": "short", "nmae": "김"})

    document = check(response, 422, "invalid-input")
    assert document["errors"] == [
        {"pointer": "#/email", "detail": "Not a valid email address."},
        {"pointer": "#/password", "detail": "Length must be between 8 and 128."},
        {"pointer": "#/name", "detail": "Missing data for required field."},
        {"pointer": "#/nmae", "detail": "Unknown field."},
    ]


def test_all_errors_of_a_query_are_reported(client: FlaskClient) -> None:
    response = client.get("/api/v1/recipes", query_string={"limit": "1000", "cursor": "?", "q": "x" * 101})

    document = check(response, 422, "invalid-input")
    assert [error["parameter"] for error in document["errors"]] == ["cursor", "limit", "q"]


@pytest.mark.parametrize("limit", ["0", "-1", "101", "x", "1.5", ""])
def test_limit_is_bounded(client: FlaskClient, limit: str) -> None:
    check(client.get("/api/v1/recipes", query_string={"limit": limit}), 422, "invalid-input")


@pytest.mark.parametrize(
    "value", ["", " \n", "김\0치", "김\x1b치", "\ud800", "x" * 51, None, 7, [], {}, True]
)
def test_name_must_be_one_line_of_text(client: FlaskClient, value: object) -> None:
    document = check(signup(client, name=value), 422, "invalid-input")
    assert {error["pointer"] for error in document["errors"]} == {"#/name"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\t김\t한끼\r\n", "김 한끼"),
        ("김\n한끼", "김 한끼"),
        ("김\r\n한끼", "김 한끼"),
        ("김\v한끼", "김 한끼"),
        ("김\x85한끼", "김 한끼"),
        ("김\u2028한끼", "김 한끼"),
        ("김  한끼", "김  한끼"),
    ],
)
def test_tabs_and_line_ends_become_spaces(client: FlaskClient, typed: str, kept: str) -> None:
    """Pasted text may contain them invisibly, so an error would be hard to understand."""
    response = signup(client, name=typed)

    assert response.status_code == 201
    assert response.json["user"]["name"] == kept


@pytest.mark.parametrize("value", ["kim", "kim@", "@a.kr", "kim@a.kr\0", "k" * 250 + "@a.kr", None, 1])
def test_email_must_be_an_address(client: FlaskClient, value: object) -> None:
    document = check(signup(client, email=value), 422, "invalid-input")
    assert {error["pointer"] for error in document["errors"]} == {"#/email"}


@pytest.mark.parametrize("value", ["김" * 8, "x" * 128, "1234567\0", " " * 8])
def test_password_may_have_any_character(client: FlaskClient, value: str) -> None:
    assert signup(client, password=value).status_code == 201
    assert login(client, password=value).status_code == 200


def test_lone_surrogates_are_refused(client: FlaskClient) -> None:
    document = check(signup(client, password="\ud800" * 8, **{"\ud800": 1, "a/b~c": 1}), 422, "invalid-input")

    pointers = {error["pointer"] for error in document["errors"]}
    assert pointers == {"#/password", "#/\ud800", "#/a~1b~0c"}


@pytest.mark.parametrize(
    ("body", "content_type", "status", "name"),
    [
        ("{", "application/json", 400, "bad-request"),
        (b"\xff", "application/json", 400, "bad-request"),
        ("[]", "application/json", 422, "invalid-input"),
        ("null", "application/json", 422, "invalid-input"),
        ("7", "application/json", 422, "invalid-input"),
        ("", "application/json", 422, "invalid-input"),
        ("{}", "text/plain", 415, "unsupported-media-type"),
        ("x" * 300_000, "application/json", 413, "request-entity-too-large"),
        ("[" * 100_000, "application/json", 400, "bad-request"),
        ("9" * 5000, "application/json", 400, "bad-request"),
    ],
)
def test_body_must_be_an_object(
    client: FlaskClient, body: str | bytes, content_type: str, status: int, name: str
) -> None:
    check(client.post("/api/v1/auth/login", data=body, content_type=content_type), status, name)


def test_unknown_route_and_method(client: FlaskClient) -> None:
    check(client.get("/nothing"), 404, "not-found")
    response = client.delete("/api/v1/recipes")
    check(response, 405, "method-not-allowed")
    assert "GET" in response.headers["Allow"]


def test_defect_is_reported_without_details(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("something secret")

    monkeypatch.setattr(recipes, "list_recipes", broken)

    response = client.get("/api/v1/recipes")

    check(response, 500, "internal-server-error")
    assert "secret" not in response.get_data(as_text=True)


def test_statement_for_another_schema_is_a_defect(
    client: FlaskClient, postgres: Postgres, database: str
) -> None:
    postgres.execute("ALTER TABLE recipes RENAME summary TO lead", database)

    check(client.get("/api/v1/recipes"), 500, "internal-server-error")


def test_responses_have_security_headers(client: FlaskClient) -> None:
    for path in ("/api/v1/recipes", "/api/v1/me", "/healthz/live"):
        assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/api/v1/me").headers["Cache-Control"] == "no-store"


def test_every_route_reports_an_unavailable_postgresql(make_app: Callable[..., Flask]) -> None:
    client = make_app(DATABASE_PORT=str(free_port())).test_client()

    for response in (
        client.get("/api/v1/recipes"),
        client.get("/api/v1/recipes/1"),
        signup(client),
        login(client),
    ):
        check(response, 503, "database-unavailable")
        assert response.headers["Retry-After"]


def test_lost_connections_are_replaced(client: FlaskClient, postgres: Postgres, database: str) -> None:
    assert client.get("/api/v1/recipes").status_code == 200

    cut = postgres.execute(
        f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}'"
    )

    assert cut == [(True,)]
    assert client.get("/api/v1/recipes").status_code == 200
