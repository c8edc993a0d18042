"""PostgreSQL, Redis and CORS, bound to an application by init_app."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, current_app, request
from flask_cors import CORS
from flask_migrate import Migrate
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from . import circuit_breaker, connection_pool, metrics, request_id
from .database_password import Passwords
from .models import db
from .settings import CONNECTIONS_PER_WORKER, RedisSettings

# What the server sets for our sessions, as any user may.
_OF_SESSIONS = {
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    # A pod whose node died says no word. Without these the server would keep its session for two hours, and
    # with it the locks of a migration.
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
    "hide_parameters": True,  # an error's text must not carry an e-mail address or a hash into the log
    "connect_args": {
        "connect_timeout": 2,
        "application_name": "hankki",
        # A server that vanished without a word is noticed in seconds, not after TCP's quarter of an hour.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 5000,
        "options": " ".join(f"-c {name}={value}" for name, value in _OF_SESSIONS.items()),
    },
}

# Long enough for a busy server, short enough that a lost one is noticed within a request.
REDIS_TIMEOUT = 1.0
# A probe must answer within its own timeout even if Redis swallows packets.
REDIS_PROBE_TIMEOUT = 0.3


def init_app(app: Flask) -> None:
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", DATABASE_OPTIONS)
    db.init_app(app)
    with app.app_context():
        metrics.watch_pool(db.engine)
        circuit_breaker.watch(db.engine, Passwords(app.config["DATABASE_PASSWORD_FALLBACK"]).connect)
    # Absolute, so that `flask release` works from any folder.
    Migrate(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    app.extensions["redis"] = _redis(app.config["REDIS"], REDIS_TIMEOUT, retries=1)
    app.extensions["redis_probe"] = _redis(app.config["REDIS"], REDIS_PROBE_TIMEOUT, retries=0)
    _allow_origin(app)


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
        # One retry at once: a connection that a restart of Redis cut is opened anew. None after a timeout,
        # or clients would wait twice for who does not answer.
        retry=Retry(NoBackoff(), retries, supported_errors=(RedisConnectionError,)),
    )


def _allow_origin(app: Flask) -> None:
    """Answer the browser's preflight for exactly the front end's origin."""
    CORS(
        app,
        resources=r"/api/.*",
        origins=[app.config["ALLOWED_ORIGIN"]],
        methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["ETag", "Location", "Retry-After", request_id.HEADER],
        supports_credentials=True,
        max_age=7200,  # Chromium caches no longer than this
    )

    @app.after_request
    def vary_by_origin(response: Response) -> Response:
        # Flask-CORS leaves it out for a single origin, and a shared cache could then serve
        # the answer made for another origin, without the headers.
        if request.path.startswith("/api/"):
            response.vary.add("Origin")
        return response
