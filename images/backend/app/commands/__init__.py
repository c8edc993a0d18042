"""Commands for operators, to run in a pod of the API: `flask ingredients`, `prices` and `reset-password`."""

from __future__ import annotations

from flask import Flask

from .ingredients import ingredients
from .passwords import reset_password
from .prices import prices


def init_app(app: Flask) -> None:
    app.cli.add_command(ingredients)
    app.cli.add_command(prices)
    app.cli.add_command(reset_password)
