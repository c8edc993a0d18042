"""What an operator does by hand: `flask ingredients …` and `flask reset-password`, in a pod of the API."""

from __future__ import annotations

from flask import Flask

from .ingredients import ingredients
from .passwords import reset_password


def init_app(app: Flask) -> None:
    app.cli.add_command(ingredients)
    app.cli.add_command(reset_password)
