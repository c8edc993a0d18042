"""The request id connects a response with its log lines."""

from __future__ import annotations

import re

import pytest
from conftest import ORIGIN
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/api/v1/recipes", "/api/v1/me", "/api/v1/recipes?limit=0", "/nothing"])
def test_every_response_has_a_new_request_id(client: FlaskClient, path: str) -> None:
    first, second = (client.get(path).headers["X-Request-Id"] for _ in range(2))

    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


@pytest.mark.parametrize("given", ["a", "01J-x_y.z", "A" * 64])
def test_safe_request_id_is_kept(client: FlaskClient, given: str) -> None:
    assert client.get("/healthz/live", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "A" * 65, "a b", 'a"b', "a\tb", "é", "a,b"])
def test_unsafe_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/healthz/live", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{32}", answer)


def test_front_end_may_read_the_request_id(client: FlaskClient) -> None:
    response = client.get("/api/v1/recipes", headers={"Origin": ORIGIN})
    assert "X-Request-Id" in response.headers["Access-Control-Expose-Headers"]
