"""The application without a cache, like the report's: every read queries PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

import app
from app.cache import Entry


class NoCache:
    def fetch(self, _: str, produce: Callable[[], str]) -> Entry:
        return Entry(produce())

    def clear(self) -> None:
        pass


def create_app() -> Flask:
    application = app.create_app()
    application.extensions["cache"] = NoCache()
    return application
