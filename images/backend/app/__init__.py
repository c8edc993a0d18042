"""한끼얼마: the API of a recipe site that shows the cost of one meal."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from . import (
    api,
    cache,
    commands,
    extensions,
    logs,
    metrics,
    problems,
    proxies,
    release,
    request_id,
    response_cache,
)
from .settings import SettingsError


def create_app() -> Flask:
    """Create the application that `flask` and Gunicorn run.

    It opens no connections, because Gunicorn calls it before it forks its workers.
    """
    logs.configure()
    app = Flask(__name__, static_folder=None)
    # Korean text unescaped, keys in the order of the schema.
    app.json.ensure_ascii = False
    app.json.sort_keys = False
    _configure(app)
    request_id.init_app(app)
    metrics.init_app(app)
    extensions.init_app(app)
    cache.init_app(app)
    problems.init_app(app)
    api.init_app(app)
    release.init_app(app)
    commands.init_app(app)
    # Last, in this order: they wrap the rest, and the log has the client's address for cached responses too.
    response_cache.init_app(app)
    proxies.init_app(app)
    return app


def _configure(app: Flask) -> None:
    """Load the file in APP_CONFIG_FILE; an invalid one ends the process with one error message."""
    name = os.environ.get("APP_CONFIG_FILE", "")
    path = Path(name).resolve()
    if not path.is_file():
        raise SystemExit(f"hankki: APP_CONFIG_FILE: {name!r} is not a file; set it to config/production.py")
    try:
        app.config.from_pyfile(str(path))
    except SettingsError as error:
        raise SystemExit(f"hankki: {error}") from error
