"""`flask release`: migrations and sample data are applied once, also by repeated and concurrent runs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import environment, release_command
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade
from servers import ROOT, Postgres, RedisServer

from app import release

COUNTS = (
    "SELECT (SELECT count(*) FROM recipes), (SELECT count(*) FROM ingredients), (SELECT count(*) FROM steps)"
)


@pytest.fixture
def empty_env(postgres: Postgres, redis_server: RedisServer, empty_database: str) -> dict[str, str]:
    return environment(postgres, redis_server.port, empty_database)


def start(env: dict[str, str], *options: str) -> subprocess.Popen:
    return subprocess.Popen(
        release_command(*options),
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen) -> tuple[int, str]:
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def test_release_twice(postgres: Postgres, empty_env: dict[str, str], empty_database: str) -> None:
    code, output = finish(start(empty_env, "--sample-data"))
    assert code == 0, output
    assert "Running upgrade" in output
    assert "waits" not in output
    counts = postgres.execute(COUNTS, empty_database)
    assert counts[0][0] >= 30

    code, output = finish(start(empty_env, "--sample-data"))
    assert code == 0, output
    assert "Running upgrade" not in output
    assert "added 0 sample recipes" in output
    assert postgres.execute(COUNTS, empty_database) == counts


def test_release_without_sample_data_adds_none(
    postgres: Postgres, empty_env: dict[str, str], empty_database: str
) -> None:
    code, output = finish(start(empty_env))

    assert code == 0, output
    assert postgres.execute(COUNTS, empty_database) == [(0, 0, 0)]


def test_concurrent_releases(
    postgres: Postgres, empty_env: dict[str, str], empty_database: str, template: str
) -> None:
    results = [finish(process) for process in [start(empty_env, "--sample-data") for _ in range(2)]]

    assert [code for code, _ in results] == [0, 0], results
    assert sum(output.count("-> 0001,") for _, output in results) == 1
    assert postgres.execute(COUNTS, empty_database) == postgres.execute(COUNTS, template)


def test_release_waits_for_the_lock(
    postgres: Postgres, empty_env: dict[str, str], empty_database: str
) -> None:
    key = int.from_bytes(b"hankki")
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with postgres.connect(empty_database) as holder:
        holder.execute(f"SELECT pg_advisory_lock({key})")
        process = start(empty_env)
        deadline = time.monotonic() + 30
        while not postgres.execute(waiting):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert postgres.execute("SELECT to_regclass('recipes')", empty_database) == [(None,)]
        holder.execute(f"SELECT pg_advisory_unlock({key})")

    code, output = finish(process)
    assert code == 0, output
    assert output.count("release: waiting for another migration") == 1
    assert postgres.execute(COUNTS, empty_database) == [(0, 0, 0)]


def test_waiting_migration_does_not_block_readers(
    app: Flask, client: FlaskClient, postgres: Postgres, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers queue behind a migration that waits for a table lock. So it times out, and the Job retries."""
    with app.app_context():
        downgrade(revision="0001")
    monkeypatch.setattr(release, "LOCK_TIMEOUT", "300ms")
    with ThreadPoolExecutor(1) as other, postgres.connect(database) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM recipes")
        result = other.submit(app.test_cli_runner().invoke, args=["release"])
        try:
            assert result.result(timeout=10).exit_code == 1
        finally:
            reader.execute("COMMIT")
        assert "lock timeout" in result.result().output
        assert postgres.execute("SELECT version_num FROM alembic_version", database) == [("0001",)]

    assert app.test_cli_runner().invoke(args=["release"]).exit_code == 0
    assert client.get("/api/v1/recipes").status_code == 200


def test_sample_data_keeps_changes(
    postgres: Postgres, env: dict[str, str], database: str, template: str
) -> None:
    postgres.execute("UPDATE ingredients SET price_per_unit = 123 WHERE name = '신김치'", database)
    postgres.execute("UPDATE recipes SET title = '우리집 김치찌개' WHERE title = '김치찌개'", database)
    postgres.execute("DELETE FROM recipes WHERE title = '불고기'", database)

    code, output = finish(start(env, "--sample-data"))

    assert code == 0, output
    assert "added 1 sample recipes" in output
    price = "SELECT price_per_unit FROM ingredients WHERE name = '신김치'"
    assert postgres.execute(price, database) == [(123,)]
    title = "SELECT title FROM recipes WHERE sample_key = 'kimchi-jjigae'"
    assert postgres.execute(title, database) == [("우리집 김치찌개",)]
    prices = "SELECT count(*) FROM ingredient_prices"
    assert postgres.execute(prices, database) == postgres.execute(prices, template)


def test_name_of_a_cooks_ingredient_does_not_become_an_alias(
    app: Flask, postgres: Postgres, database: str
) -> None:
    """The previous version added 계란, and the sample data have 계란 as an alias of 달걀."""
    postgres.execute(
        "DELETE FROM ingredient_names WHERE canonical = '계란';"
        "INSERT INTO ingredients (name, unit, price_per_unit) VALUES ('계란', 'piece', 1);"
        "INSERT INTO ingredient_prices (ingredient_id, price, per)"
        " SELECT id, 1, 1 FROM ingredients WHERE name = '계란'",
        database,
    )

    assert app.test_cli_runner().invoke(args=["release", "--sample-data"]).exit_code == 0

    owner = (
        "SELECT i.name FROM ingredient_names n JOIN ingredients i ON i.id = n.ingredient_id"
        " WHERE n.canonical = '계란'"
    )
    assert postgres.execute(owner, database) == [("계란",)]


def test_sample_data_keeps_a_new_price(postgres: Postgres, env: dict[str, str], database: str) -> None:
    postgres.execute(
        "INSERT INTO ingredient_prices (ingredient_id, price, per)"
        " SELECT id, 9999, 1000 FROM ingredients WHERE name IN ('소금', '신김치')",
        database,
    )

    code, output = finish(start(env, "--sample-data"))

    assert code == 0, output
    latest = (
        "SELECT DISTINCT ON (ingredient_id) price, per FROM ingredient_prices JOIN ingredients i"
        " ON i.id = ingredient_id WHERE name IN ('소금', '신김치') ORDER BY ingredient_id, at DESC"
    )
    assert postgres.execute(latest, database) == [(9999, 1000)] * 2


def test_failed_migration_fails_the_release(postgres: Postgres, env: dict[str, str], database: str) -> None:
    postgres.execute("UPDATE alembic_version SET version_num = 'unknown'", database)

    code, output = finish(start(env))

    assert code != 0
    assert "Can't locate revision identified by 'unknown'" in output


def test_unreachable_database_fails_the_release(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "DATABASE_WAIT", 0)
    runner = make_app(DATABASE_PASSWORD="not-the-password").test_cli_runner()

    result = runner.invoke(args=["release"])

    assert result.exit_code == 1
    assert "password authentication failed" in result.output
    assert "not-the-password" not in result.output
