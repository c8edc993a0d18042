from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from accounts import login, signup
from cable import Cable
from cooking import Cook
from flask import Flask
from flask.testing import FlaskClient
from gunicorn_server import Gunicorn
from raw_client import Open, RawClient
from servers import HOST, PASSWORD, ROOT, Postgres, RedisServer, missing_packages
from sqlalchemy import event

from app import create_app
from app.models import db

ORIGIN = "http://10.0.0.4"
TEMPLATE = "hankki_template"


def pytest_sessionstart() -> None:
    packages = missing_packages()
    if packages:
        pytest.exit(
            f"the tests need the Debian packages: {', '.join(packages)}; "
            f"apt-get install -y --no-install-recommends {' '.join(packages)}",
            returncode=1,
        )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    server = RedisServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def redis_server(shared_redis: RedisServer) -> RedisServer:
    """A running, empty Redis, also after a test that stopped it."""
    if not shared_redis.running:
        shared_redis.start()
    with shared_redis.client() as client:
        client.flushall()
    return shared_redis


def environment(postgres: Postgres, redis_port: int, database: str) -> dict[str, str]:
    """All environment variables of the API, as in its pod."""
    return {
        "PATH": os.environ["PATH"],
        "FLASK_APP": "app",
        "APP_CONFIG_FILE": str(ROOT / "config/production.py"),
        "DATABASE_HOST": HOST,
        "DATABASE_PORT": str(postgres.port),
        "DATABASE_NAME": database,
        "DATABASE_USER": postgres.user,
        "DATABASE_PASSWORD": PASSWORD,
        "DATABASE_SSLMODE": "prefer",
        "REDIS_HOST": HOST,
        "REDIS_PORT": str(redis_port),
        "REDIS_PASSWORD": PASSWORD,
        "SECRET_KEY": "a-key-of-at-least-thirty-two-characters",
        "ALLOWED_ORIGIN": ORIGIN,
    }


def release_command(*options: str) -> list[str]:
    return [sys.executable, "-m", "flask", "release", *options]


@pytest.fixture(scope="session")
def template(postgres: Postgres, shared_redis: RedisServer) -> str:
    """A database after `flask release --sample-data`; each test gets a copy."""
    postgres.execute(f"CREATE DATABASE {TEMPLATE}")
    env = environment(postgres, shared_redis.port, TEMPLATE)
    subprocess.run(release_command("--sample-data"), env=env, cwd=ROOT, check=True)
    return TEMPLATE


_numbers = itertools.count(1)


@pytest.fixture
def empty_database(postgres: Postgres) -> Iterator[str]:
    name = f"hankki_{next(_numbers)}"
    postgres.execute(f"CREATE DATABASE {name}")
    yield name
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(postgres: Postgres, template: str) -> Iterator[str]:
    name = f"hankki_{next(_numbers)}"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield name
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def env(postgres: Postgres, redis_server: RedisServer, database: str) -> dict[str, str]:
    return environment(postgres, redis_server.port, database)


@pytest.fixture
def cable(postgres: Postgres) -> Iterator[Cable]:
    """A cable to PostgreSQL, for tests that set DATABASE_PORT to its port."""
    cable = Cable(postgres.port)
    yield cable
    cable.remove()


@pytest.fixture
def gunicorn(env: dict[str, str]) -> Iterator[Gunicorn]:
    """The real server with the real configuration, behind one proxy."""
    server = Gunicorn({**env, "TRUSTED_PROXIES": "1"})
    yield server
    server.remove()


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens raw clients, which are closed after the test."""
    with contextlib.ExitStack() as stack:

        def open_client(*arguments: object, **options: object) -> RawClient:
            client = RawClient(*arguments, **options)
            stack.callback(client.close)
            return client

        yield open_client


@pytest.fixture
def make_app(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Flask]]:
    """Create applications with the test's environment and the given changes."""
    apps: list[Flask] = []

    def make_app(**changes: str) -> Flask:
        for name, value in {**env, **changes}.items():
            monkeypatch.setenv(name, value)
        apps.append(create_app())
        return apps[-1]

    yield make_app
    for app in apps:
        with app.app_context():
            db.engine.dispose()
        app.extensions["redis"].close()
        app.extensions["redis_probe"].close()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def replica(make_app: Callable[..., Flask]) -> FlaskClient:
    """Another pod on the same database and the same Redis."""
    return make_app().test_client()


@pytest.fixture
def statements(app: Flask) -> list[str]:
    """The SQL statements of the application."""
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    return seen


@pytest.fixture
def cook(client: FlaskClient) -> Cook:
    return Cook(client)


@pytest.fixture
def device(app: Flask, client: FlaskClient) -> Callable[[], FlaskClient]:
    """Log in on one more device."""
    signup(client)

    def device() -> FlaskClient:
        browser = app.test_client()
        assert login(browser).status_code == 200
        return browser

    return device


@pytest.fixture
def browser(device: Callable[[], FlaskClient]) -> FlaskClient:
    return device()
