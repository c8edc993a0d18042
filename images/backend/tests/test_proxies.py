"""The client's address behind proxies, and that nobody else can make one up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, request


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        ("0", "203.0.113.9", "127.0.0.1"),
        ("1", "203.0.113.9", "203.0.113.9"),
        ("1", "203.0.113.66, 203.0.113.9", "203.0.113.9"),  # the first one is the client's own invention
        ("2", "203.0.113.66, 203.0.113.9, 10.0.0.4", "203.0.113.9"),
        ("1", None, "127.0.0.1"),
    ],
)
def test_client_address(
    make_app: Callable[..., Flask], proxies: str, forwarded: str | None, expected: str
) -> None:
    app = make_app(TRUSTED_PROXIES=proxies)
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(request.remote_addr))

    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert app.test_client().get("/healthz/live", headers=headers).status_code == 200

    assert seen == [expected]
