"""components/backup.sh, which the backup CronJob and `hankki restore` run in a pod, on a real PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from accounts import login, signup
from backup_runs import SCRIPT, Backup, database_variables, failure, listed, run_script, taken
from flask import Flask
from servers import HOST, PASSWORD, Postgres, postgres_bin

RESTORED = "hankki_restored"


@pytest.fixture
def variables(postgres: Postgres, database: str, tmp_path: Path) -> dict[str, str]:
    """The environment of the pod's container."""
    (tmp_path / "dumps").mkdir()
    return {
        "PATH": f"{postgres_bin()}:{os.environ['PATH']}",
        "BACKUPS": str(tmp_path / "dumps"),
        "TERMINATION_LOG": str(tmp_path / "termination-log"),
        "TMPDIR": str(tmp_path),
        "KEEP": "2",
        **database_variables(postgres, database),
    }


@pytest.fixture
def backup(variables: dict[str, str]) -> Backup:
    def run(*arguments: str, stdin: bytes = b"", **changes: str) -> subprocess.CompletedProcess:
        return run_script(arguments, {**variables, **changes}, stdin)

    return run


@pytest.fixture
def restored(postgres: Postgres) -> Iterator[str]:
    yield RESTORED
    postgres.execute(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")


def dumps(variables: dict[str, str]) -> Path:
    return Path(variables["BACKUPS"])


def replaced(program: str, script: str, variables: dict[str, str], tmp_path: Path) -> str:
    """A PATH in which the script replaces the program."""
    (tmp_path / "bin").mkdir(exist_ok=True)
    fake = tmp_path / "bin" / program
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    return f"{tmp_path}/bin:{variables['PATH']}"


def exists(postgres: Postgres, database: str) -> bool:
    return postgres.execute(f"SELECT 1 FROM pg_database WHERE datname = '{database}'") != []


def test_dump_is_described(
    postgres: Postgres, database: str, backup: Backup, variables: dict[str, str]
) -> None:
    (dumps(variables).parent / "termination-log").touch()
    dump = taken(backup)
    recipes = postgres.execute("SELECT count(*) FROM recipes", database)[0][0]
    assert dump["database"] == database
    assert dump["server"].startswith("15.")
    assert dump["tables"]["public.recipes"] == recipes
    assert dump["rows"] == sum(dump["tables"].values())
    assert dump["revision"] == postgres.execute("SELECT version_num FROM alembic_version", database)[0][0]
    assert dump["bytes"] == (dumps(variables) / f"{dump['name']}.dump").stat().st_size
    assert json.loads((dumps(variables).parent / "termination-log").read_text()) == dump
    assert listed(backup) == [dump["name"]]


def test_time_of_a_dump_is_before_its_snapshot(
    backup: Backup, variables: dict[str, str], tmp_path: Path
) -> None:
    """A restore prints that changes after this time are not in the dump."""
    slow = f'{postgres_bin()}/pg_dump "$@" || exit\nsleep 2'
    dump = taken(backup, PATH=replaced("pg_dump", slow, variables, tmp_path))
    began = datetime.strptime(dump["name"] + "+0000", "hankki-%Y%m%dT%H%M%SZ%z")
    assert dump["time"] == began.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_names_of_the_database_and_its_tables_are_escaped(
    postgres: Postgres, database: str, backup: Backup
) -> None:
    name, quoted = 'ki"t\\chen', '"ki""t\\chen"'
    postgres.execute(f"CREATE DATABASE {quoted} TEMPLATE {database}")
    try:
        postgres.execute('CREATE TABLE "a\\b" (word text)', name)
        dump = taken(backup, PGDATABASE=name)
        assert dump["database"] == name
        assert dump["tables"]["public.a\\b"] == 0
    finally:
        postgres.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


def test_damaged_description_hides_no_other_dump(
    backup: Backup, variables: dict[str, str], restored: str
) -> None:
    """As if the node lost power before the file system wrote the description."""
    good, damaged = (taken(backup) for _ in range(2))
    description = dumps(variables) / f"{damaged['name']}.json"
    whole = description.read_text()
    for text in ("", '{"na', whole[: whole.index(',"revision"')]):
        description.write_text(text)
        lines = [json.loads(line) for line in backup("list").stdout.splitlines()]
        assert lines == [{"name": damaged["name"]}, good]
        assert f"the description of the dump {damaged['name']} is damaged" in failure(
            backup("restore", damaged["name"], RESTORED)
        )
    result = backup("restore", good["name"], restored)
    assert result.returncode == 0, result.stderr.decode()


def test_damaged_description_does_not_count_for_keep(backup: Backup, variables: dict[str, str]) -> None:
    good, damaged = (taken(backup)["name"] for _ in range(2))
    (dumps(variables) / f"{damaged}.json").write_text("")
    third = taken(backup)["name"]
    assert listed(backup) == [third, damaged, good]
    fourth = taken(backup)["name"]
    assert listed(backup) == [fourth, third]


def test_copy_from_outside_replaces_a_damaged_description(backup: Backup, variables: dict[str, str]) -> None:
    name = taken(backup)["name"]
    content = (dumps(variables) / f"{name}.dump").read_bytes()
    text = (dumps(variables) / f"{name}.json").read_text().strip()
    (dumps(variables) / f"{name}.json").write_text("")
    result = backup("receive", name, text, stdin=content)
    assert result.returncode == 0, result.stderr.decode()
    assert backup("list").stdout.decode().strip() == text


def test_dump_and_description_are_synced(backup: Backup, variables: dict[str, str], tmp_path: Path) -> None:
    record = f'echo "$@" >>{tmp_path}/synced'
    taken(backup, PATH=replaced("sync", record, variables, tmp_path))
    assert (tmp_path / "synced").read_text().split() == [
        f"{dumps(variables)}/.partial",
        f"{dumps(variables)}/.json",
    ]


def test_restored_site_is_the_same(
    postgres: Postgres, make_app: Callable[..., Flask], database: str, backup: Backup, restored: str
) -> None:
    assert signup(make_app().test_client()).status_code == 201
    dump = taken(backup)
    postgres.execute("DELETE FROM users", database)

    result = backup("restore", dump["name"], restored)

    assert result.returncode == 0, result.stderr.decode()
    for table, count in dump["tables"].items():
        assert postgres.execute(f"SELECT count(*) FROM {table}", restored)[0][0] == count
    assert login(make_app(DATABASE_NAME=restored).test_client()).status_code == 200
    assert postgres.execute("SELECT count(*) FROM users", database)[0][0] == 0  # not changed


def test_oldest_dumps_are_removed_after_a_success(backup: Backup, variables: dict[str, str]) -> None:
    names = [taken(backup)["name"] for _ in range(3)]
    assert listed(backup) == names[:0:-1]
    assert sorted(p.name for p in dumps(variables).glob("hankki-*")) == sorted(
        f"{name}.{kind}" for name in names[1:] for kind in ("dump", "json")
    )
    assert "refuses the connection" in failure(backup("take", PGPASSWORD="wrong"))
    assert listed(backup) == names[:0:-1]


def test_truncated_dump_is_refused(postgres: Postgres, backup: Backup, variables: dict[str, str]) -> None:
    dump = taken(backup)
    file = dumps(variables) / f"{dump['name']}.dump"
    whole = file.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-1] + bytes([whole[-1] ^ 1]), b""):
        file.write_bytes(damaged)
        assert "is damaged" in failure(backup("restore", dump["name"], RESTORED))
    assert postgres.execute(f"SELECT 1 FROM pg_database WHERE datname = '{RESTORED}'") == []


def test_incomplete_dump_of_pg_dump_is_deleted(
    backup: Backup, variables: dict[str, str], tmp_path: Path
) -> None:
    """As if a file system lost the end of the file: pg_restore --list does not detect it."""
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin/pg_dump"
    fake.write_text(
        f'#!/bin/sh\n{postgres_bin()}/pg_dump "$@" || exit\n'
        'for file in "$@"; do case $file in --file=*) dump=${file#--file=} ;; esac; done\n'
        'truncate -s -200 "$dump"\n'
        f'{postgres_bin()}/pg_restore --list "$dump" >{tmp_path}/contents\n'
    )
    fake.chmod(0o755)
    failed = backup("take", PATH=f"{tmp_path}/bin:{variables['PATH']}")
    assert "is damaged" in failure(failed)
    assert "TABLE DATA public recipes" in (tmp_path / "contents").read_text()
    assert list(dumps(variables).glob("*hankki*")) == []
    assert list(dumps(variables).glob(".*")) == []


def test_newer_server_is_refused_with_the_solution(
    backup: Backup, variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin/pg_dump"
    fake.write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 14.9 (Debian 14.9-1)"\n')
    fake.chmod(0o755)
    said = failure(backup("take", PATH=f"{tmp_path}/bin:{variables['PATH']}"))
    assert "pg_dump 14 can't dump a server of PostgreSQL 15" in said
    assert "hankki:baseImages.postgres" in said


def test_rotated_password_is_accepted(backup: Backup) -> None:
    assert taken(backup, PGPASSWORD="former", PASSWORD_FALLBACK=PASSWORD)["rows"] > 0
    assert "refuses the connection" in failure(backup("take", PGPASSWORD="former", PASSWORD_FALLBACK="wrong"))


def test_unreachable_server_is_named(backup: Backup) -> None:
    assert f"PostgreSQL at {HOST}:1 refuses the connection" in failure(backup("take", PGPORT="1"))


def test_files_of_an_interrupted_dump_are_removed(backup: Backup, variables: dict[str, str]) -> None:
    for name in (".partial", ".json", "hankki-20260101T000000Z.dump"):
        (dumps(variables) / name).write_text("half")
    name = taken(backup)["name"]
    assert sorted(p.name for p in dumps(variables).iterdir()) == sorted(
        [f"{name}.dump", f"{name}.json", "lock"]
    )


def test_concurrent_dumps_wait_for_each_other(variables: dict[str, str], backup: Backup) -> None:
    both = [
        subprocess.Popen(
            ["sh", SCRIPT, "take"], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    names = []
    for one in both:
        out, err = one.communicate(timeout=120)
        assert one.returncode == 0, err.decode()
        names.append(json.loads(out)["name"])
    assert listed(backup) == sorted(names, reverse=True)
    assert len(set(names)) == 2


def test_restore_into_a_database_with_data_is_refused(
    postgres: Postgres, database: str, backup: Backup
) -> None:
    dump = taken(backup)
    before = postgres.execute("SELECT count(*) FROM recipes", database)
    said = failure(backup("restore", dump["name"], database))
    assert f"the database {database} exists and is not empty" in said
    assert postgres.execute("SELECT count(*) FROM recipes", database) == before
    assert "there is no dump hankki-20200101T000000Z" in failure(
        backup("restore", "hankki-20200101T000000Z", RESTORED)
    )


def test_user_without_createdb_restores_into_an_empty_database(
    postgres: Postgres, database: str, backup: Backup, restored: str
) -> None:
    dump = taken(backup)
    postgres.execute(f"CREATE ROLE plain LOGIN PASSWORD '{PASSWORD}'")
    try:
        postgres.execute(f"GRANT CONNECT ON DATABASE {database} TO plain")
        said = failure(backup("restore", dump["name"], restored, PGUSER="plain"))
        assert f"can't create the database {restored}" in said
        assert 'ALTER ROLE "plain" CREATEDB' in said
        postgres.execute(f"CREATE DATABASE {restored} OWNER plain")
        result = backup("restore", dump["name"], restored, PGUSER="plain")
        assert result.returncode == 0, result.stderr.decode()
    finally:
        postgres.execute(f"DROP DATABASE IF EXISTS {restored} WITH (FORCE)")
        postgres.execute("DROP OWNED BY plain", database)
        postgres.execute("DROP ROLE plain")


def test_restore_with_other_rows_leaves_only_a_database_that_it_has_not_created(
    postgres: Postgres, backup: Backup, variables: dict[str, str], restored: str, tmp_path: Path
) -> None:
    dump = taken(backup)
    psql = f'case "$*" in *"count(*) FROM public."*) echo 0 ;; *) exec {postgres_bin()}/psql "$@" ;; esac'
    path = replaced("psql", psql, variables, tmp_path)
    said = failure(backup("restore", dump["name"], restored, PATH=path))
    assert "are not those of the dump" in said
    assert "the database is dropped" in said
    assert not exists(postgres, restored)

    postgres.execute(f"CREATE DATABASE {restored}")
    said = failure(backup("restore", dump["name"], restored, PATH=path))
    assert "are not those of the dump" in said
    assert f"the database {restored} existed before and has the restored rows: drop it" in said
    assert exists(postgres, restored)
    assert "is not empty" in failure(backup("restore", dump["name"], restored))


def test_restored_database_has_the_locale_provider_of_the_current_one(
    postgres: Postgres, database: str, backup: Backup, restored: str
) -> None:
    postgres.execute(
        "CREATE DATABASE icu TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'ko-KR'"
    )
    try:
        postgres.execute("CREATE TABLE words (word text)", "icu")
        for current in (database, "icu"):
            dump = taken(backup, PGDATABASE=current)
            result = backup("restore", dump["name"], restored, PGDATABASE=current)
            assert result.returncode == 0, result.stderr.decode()
            locales = postgres.execute(
                "SELECT encoding, datcollate, datctype, datlocprovider, daticulocale FROM pg_database"
                f" WHERE datname IN ('{current}', '{restored}')"
            )
            assert len(locales) == 2
            assert locales[0] == locales[1]
            postgres.execute(f"DROP DATABASE {restored}")
    finally:
        postgres.execute("DROP DATABASE icu WITH (FORCE)")


def test_dump_from_outside_is_received(backup: Backup, variables: dict[str, str], restored: str) -> None:
    dump = taken(backup)
    content = (dumps(variables) / f"{dump['name']}.dump").read_bytes()
    text = (dumps(variables) / f"{dump['name']}.json").read_text().strip()
    for file in dumps(variables).iterdir():
        file.unlink()
    assert "arrived damaged" in failure(backup("receive", dump["name"], text, stdin=content[:-1]))
    assert listed(backup) == []
    assert backup("receive", dump["name"], text, stdin=content).returncode == 0
    assert listed(backup) == [dump["name"]]
    assert f"there is a dump {dump['name']} already" in failure(
        backup("receive", dump["name"], text, stdin=content)
    )
    assert backup("restore", dump["name"], restored).returncode == 0


def test_rows_that_look_like_dump_statements_are_counted(
    postgres: Postgres, database: str, backup: Backup, restored: str
) -> None:
    words = ["COPY public.users (id) FROM stdin;", "\\.", "COMPLETE", "a\nb", ""]
    postgres.execute('CREATE TABLE "Tricky ""table" (word text)', database)
    with postgres.connect(database) as connection, connection.cursor() as cursor:
        cursor.executemany('INSERT INTO "Tricky ""table" VALUES (%s)', [(word,) for word in words])
    dump = taken(backup)
    assert len(words) in dump["tables"].values()
    result = backup("restore", dump["name"], restored)
    assert result.returncode == 0, result.stderr.decode()
    assert sorted(postgres.execute('SELECT word FROM "Tricky ""table"', restored)) == sorted(
        (w,) for w in words
    )


def test_folder_that_is_not_writable_is_named(backup: Backup, variables: dict[str, str]) -> None:
    said = failure(backup("take", BACKUPS=f"{variables['BACKUPS']}/missing"))
    assert "the volume of the backups is not writable" in said
