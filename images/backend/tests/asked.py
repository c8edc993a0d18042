"""How much an application asks of PostgreSQL: what makes a request slow, on whatever machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.models import db


@dataclass
class Asked:
    # One that is executed for many rows, one by one, counts as often.
    statements: int = 0
    # Read or changed.
    rows: int = 0


@contextmanager
def counted(app: Flask) -> Iterator[Asked]:
    """Count what the application asks as long as the context lasts."""
    asked = Asked()

    def count(_: Any, cursor: Any, __: Any, parameters: Any, ___: Any, executemany: bool) -> None:
        asked.statements += len(parameters) if executemany else 1
        asked.rows += max(cursor.rowcount, 0)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", count)
    try:
        yield asked
    finally:
        event.remove(engine, "after_cursor_execute", count)
