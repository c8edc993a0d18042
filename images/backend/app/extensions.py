"""PostgreSQL, Redis and CORS, bound to an application by init_app."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask_cors import CORS
from flask_migrate import Migrate
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from sqlalchemy.exc import DBAPIError

from . import circuit_breaker, connection_pool, metrics, request_id
from .database_password import Passwords
from .models import db
from .settings import CONNECTIONS_PER_WORKER, RedisSettings

log = logging.getLogger(__name__)

# Session parameters of PostgreSQL that any user may set.
_SESSION_PARAMETERS = {
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    # A pod on a dead node closes no connection. Without these parameters the server would keep its session
    # for two hours, with the locks of a migration.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10s",
}
DATABASE_OPTIONS = {
    "poolclass": connection_pool.ConnectionPool,
    "pool_size": CONNECTIONS_PER_WORKER,
    "pool_timeout": connection_pool.TIMEOUT,
    "max_overflow": 0,
    "pool_pre_ping": True,  # a restarted server costs one more connection, not a failed request
    "hide_parameters": True,  # an error must not write an e-mail address or a hash to the log
    "connect_args": {
        "connect_timeout": 2,
        "application_name": "hankki",
        # A vanished server is detected in seconds; TCP's default is 15 minutes.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 5000,
        "options": " ".join(f"-c {name}={value}" for name, value in _SESSION_PARAMETERS.items()),
    },
}

# Seconds: long enough for a busy server, short enough to detect a lost server within a request.
REDIS_TIMEOUT = 1.0
# Seconds: a probe must respond within its own timeout even if packets to Redis are dropped.
REDIS_PROBE_TIMEOUT = 0.3


def init_app(app: Flask) -> None:
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", DATABASE_OPTIONS)
    db.init_app(app)
    with app.app_context():
        metrics.watch_pool(db.engine)
        circuit_breaker.watch(db.engine, Passwords(app.config["DATABASE_PASSWORD_FALLBACK"]).connect)
    # An absolute path, so that `flask release` works in any folder.
    Migrate(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    app.extensions["redis"] = _redis(app.config["REDIS"], REDIS_TIMEOUT, retries=1)
    app.extensions["redis_probe"] = _redis(app.config["REDIS"], REDIS_PROBE_TIMEOUT, retries=0)
    _allow_origin(app)


def open_connections(app: Flask) -> None:
    """Open all connections of this process's pool to PostgreSQL: no request of a burst waits for a new one.

    Without PostgreSQL, requests open them later.
    """
    with app.app_context(), ExitStack() as opened:
        try:
            for _ in range(CONNECTIONS_PER_WORKER):
                opened.enter_context(db.engine.connect())
        except DBAPIError as error:
            log.warning("PostgreSQL is not available at the start: %s", error)


def redis() -> Redis:
    return current_app.extensions["redis"]


def redis_probe() -> Redis:
    return current_app.extensions["redis_probe"]


def _redis(settings: RedisSettings, timeout: float, retries: int) -> Redis:
    return Redis(
        host=settings.host,
        port=settings.port,
        username=settings.username,
        password=settings.password,
        decode_responses=True,
        socket_connect_timeout=timeout,
        socket_timeout=timeout,
        # One immediate retry opens a new connection after a restart of Redis. No retry after a timeout,
        # because clients would wait twice for an unresponsive server.
        retry=Retry(NoBackoff(), retries, supported_errors=(RedisConnectionError,)),
    )


def _allow_origin(app: Flask) -> None:
    """Allow cross-origin requests from the front end's origin only."""
    CORS(
        app,
        resources=r"/api/.*",
        origins=[app.config["ALLOWED_ORIGIN"]],
        methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["ETag", "Location", "Retry-After", request_id.HEADER],
        supports_credentials=True,
        max_age=7200,  # the maximum of Chromium
    )

    @app.after_request
    def vary_by_origin(response: Response) -> Response:
        # Flask-CORS omits it for a single origin. A shared cache could then serve a response
        # for another origin, without the CORS headers.
        if request.path.startswith("/api/"):
            response.vary.add("Origin")
        return response
