"""A request can be followed from the client's screen into the logs."""

from __future__ import annotations

import re

import pytest
from conftest import ORIGIN
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/api/v1/recipes", "/api/v1/me", "/api/v1/recipes?limit=0", "/nothing"])
def test_every_response_has_one_of_its_own(client: FlaskClient, path: str) -> None:
    first, second = (client.get(path).headers["X-Request-Id"] for _ in range(2))

    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


@pytest.mark.parametrize("given", ["a", "01J-x_y.z", "A" * 64])
def test_sane_one_is_kept(client: FlaskClient, given: str) -> None:
    assert client.get("/healthz/live", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "A" * 65, "a b", 'a"b', "a\tb", "é", "a,b"])
def test_any_other_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/healthz/live", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{32}", answer)


def test_front_end_may_read_it(client: FlaskClient) -> None:
    response = client.get("/api/v1/recipes", headers={"Origin": ORIGIN})
    assert "X-Request-Id" in response.headers["Access-Control-Expose-Headers"]
