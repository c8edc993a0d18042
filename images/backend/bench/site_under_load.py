"""The servers that the benchmarks measure: PostgreSQL and Redis with the sample data, and Gunicorn."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from conftest import ROOT, environment, release_command
from gunicorn_server import Gunicorn
from servers import Postgres, RedisServer

from app.passwords import hash_password

DATABASE = "bench"
ACCOUNTS = 20
ACCOUNT_PASSWORD = "only-for-the-bench"


APPLICATIONS = {"": "app:create_app()", "no cache": "uncached:create_app()", "bare": "bare:create_app()"}


@dataclass(frozen=True)
class Variant:
    name: str
    arguments: tuple[str, ...]
    workers: int
    application: str

    @classmethod
    def report(cls, kind: str = "") -> Variant:
        """The report's command, run so that Gunicorn does not find our configuration file."""
        return cls._of("report: 1 sync worker", kind, ("--config", "/dev/null", "--timeout", "90"), 1)

    @classmethod
    def ours(cls, size: str, kind: str = "") -> Variant:
        workers, threads = size.split("x")
        return cls._of(f"ours: {size}", kind, ("--threads", threads), int(workers))

    @classmethod
    def upstream(cls, size: str) -> Variant:
        """Our configuration with Gunicorn's own threaded worker."""
        workers, threads = size.split("x")
        arguments = ("--threads", threads, "--worker-class", "gthread")
        return cls._of(f"gthread: {size}", "", arguments, int(workers))

    @classmethod
    def former(cls, size: str) -> Variant:
        """Our configuration with the former worker, which reads a request in a thread."""
        workers, threads = size.split("x")
        arguments = ("--threads", threads, "--worker-class", "former_worker.Worker")
        return cls._of(f"former worker: {size}", "", arguments, int(workers))

    @classmethod
    def _of(cls, server: str, kind: str, arguments: tuple[str, ...], workers: int) -> Variant:
        arguments = ("--pythonpath", "bench", *arguments)
        return cls(f"{server}, {kind}" if kind else server, arguments, workers, APPLICATIONS[kind])


class Site:
    def __init__(self) -> None:
        self._postgres, self._redis = Postgres(), RedisServer()

    def __enter__(self) -> Site:
        self._postgres.start()
        self._redis.start()
        self._postgres.execute(f"CREATE DATABASE {DATABASE}")
        self.env = environment(self._postgres, self._redis.port, DATABASE)
        subprocess.run(
            release_command("--sample-data"), env=self.env, cwd=ROOT, check=True, capture_output=True
        )
        self._add_accounts()
        return self

    def __exit__(self, *_: object) -> None:
        self._redis.remove()
        self._postgres.remove()

    @contextmanager
    def serve(self, variant: Variant, database: str = DATABASE) -> Iterator[Gunicorn]:
        """Run a variant, with an empty cache, until the context ends."""
        self.forget()
        env = {**self.env, "DATABASE_NAME": database}
        server = Gunicorn(env, *variant.arguments, workers=variant.workers, application=variant.application)
        try:
            yield server
        finally:
            server.terminate()  # not kill(), which would leave workers behind
            server.process.wait()
            server.remove()

    def copy_database(self, name: str, change: str) -> None:
        """Copy the database to another name, and change the copy."""
        self._postgres.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
        self._postgres.execute(change, name)
        for database in (DATABASE, name):
            self._postgres.execute("VACUUM ANALYZE", database)

    def forget(self) -> None:
        """Empty the cache."""
        with self._redis.client() as client:
            client.flushall()

    def _add_accounts(self) -> None:
        """Add accounts in the database, because sign-ups are limited per client address."""
        password_hash = hash_password(ACCOUNT_PASSWORD)
        with self._postgres.connect(DATABASE) as connection, connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO users (email, name, password_hash) VALUES (%s, 'bench', %s)",
                [(f"bench-{number}@example.com", password_hash) for number in range(ACCOUNTS)],
            )
