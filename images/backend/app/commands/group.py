"""Commands that do everything, or nothing and then print the reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask.cli import AppGroup

from ..catalogue import CatalogueError
from ..problems import Problem


def commands_of(group: AppGroup) -> Callable[[str], Callable[[Callable[..., None]], click.Command]]:
    """A decorator that adds a function to the group as a command; it prints the function's error."""

    def named(name: str) -> Callable[[Callable[..., None]], click.Command]:
        def decorate(work: Callable[..., None]) -> click.Command:
            @group.command(name)
            @wraps(work)
            def command(*args: Any, **kwargs: Any) -> None:
                try:
                    work(*args, **kwargs)
                except (CatalogueError, Problem) as error:
                    raise click.ClickException(f"nothing was changed: {error}") from error

            return command

        return decorate

    return named
