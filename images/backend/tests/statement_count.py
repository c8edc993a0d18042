"""Counts statements and rows: a measure of the cost of a request that does not depend on the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.models import db


@dataclass
class Count:
    # executemany counts once for each set of parameters.
    statements: int = 0
    # Rows read or changed.
    rows: int = 0


@contextmanager
def counted(app: Flask) -> Iterator[Count]:
    """Count the application's statements until the context ends."""
    total = Count()

    def count(_: Any, cursor: Any, __: Any, parameters: Any, ___: Any, executemany: bool) -> None:
        total.statements += len(parameters) if executemany else 1
        total.rows += max(cursor.rowcount, 0)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", count)
    try:
        yield total
    finally:
        event.remove(engine, "after_cursor_execute", count)
