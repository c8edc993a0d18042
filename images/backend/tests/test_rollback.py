"""`flask release` of an older version on a database that a later version has migrated."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from servers import ROOT, Postgres

LATER = '''"""{doc}"""

revision = "{revision}"
down_revision = "{previous}"


def upgrade() -> None:
    pass
'''
HEAD = max(path.name[:4] for path in (ROOT / "migrations/versions").glob("0*.py"))
NEXT, AFTER = f"{int(HEAD) + 1:04}", f"{int(HEAD) + 2:04}"
REVISION = "SELECT version_num FROM alembic_version"


class Version:
    """A version of the API, with further migrations. Each has its revision and its contract, if any."""

    def __init__(self, app: Flask, folder: Path, migrations: dict[str, str | None], path: Path) -> None:
        shutil.copytree(ROOT / "migrations", folder)
        previous = HEAD
        for revision, contract in migrations.items():
            doc = f"removes\n\ncontract: {contract}\n" if contract else "adds"
            text = LATER.format(doc=doc, revision=revision, previous=previous)
            (folder / f"versions/{revision}_later.py").write_text(text)
            previous = revision
        app.extensions["migrate"].migrate.directory = str(folder)
        self.app, self.path = app, path

    def release(self) -> tuple[int, str, dict]:
        """Exit code, output, and the report."""
        self.path.write_text("")
        result = self.app.test_cli_runner().invoke(args=["release"])
        return result.exit_code, result.output, json.loads(self.path.read_text() or "{}")


@pytest.fixture
def version(
    make_app: Callable[..., Flask], database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Version]:
    path = tmp_path / "termination-log"
    monkeypatch.setenv("RELEASE_REPORT", str(path))
    made = 0

    def make(**migrations: str | None) -> Version:
        nonlocal made
        made += 1
        return Version(
            make_app(),
            tmp_path / str(made),
            {name[1:]: contract for name, contract in migrations.items()},
            path,
        )

    return make


def test_a_release_reports_the_schema(version: Callable[..., Version]) -> None:
    code, output, report = version().release()

    assert code == 0, output
    assert report == {"revision": HEAD, "head": HEAD, "contracts": {}}


def test_a_release_after_a_rollback_keeps_the_later_schema(
    version: Callable[..., Version], postgres: Postgres, database: str
) -> None:
    assert version(**{f"_{NEXT}": None}).release()[0] == 0
    assert postgres.execute(REVISION, database) == [(NEXT,)]

    code, output, report = version().release()

    assert code == 0, output
    assert report == {"revision": NEXT, "head": HEAD, "contracts": {}}
    assert postgres.execute(REVISION, database) == [(NEXT,)]
    code, output, report = version(**{f"_{NEXT}": None, f"_{AFTER}": None}).release()  # forward again
    assert (code, report["revision"]) == (0, AFTER), output


def test_a_contract_admits_the_version_that_it_names(version: Callable[..., Version]) -> None:
    later = version(**{f"_{NEXT}": None, f"_{AFTER}": NEXT})
    assert later.release()[2] == {"revision": AFTER, "head": AFTER, "contracts": {AFTER: NEXT}}

    code, output, report = version(**{f"_{NEXT}": None}).release()

    assert code == 0, output
    assert report == {"revision": AFTER, "head": NEXT, "contracts": {AFTER: NEXT}}


def test_a_contract_rejects_an_older_version(
    version: Callable[..., Version], postgres: Postgres, database: str
) -> None:
    assert version(**{f"_{NEXT}": None, f"_{AFTER}": NEXT}).release()[0] == 0
    assert version(**{f"_{NEXT}": None}).release()[0] == 0  # does not remove what the database says

    code, output, report = version().release()

    assert (code, report) == (1, {})
    assert f"this version knows {HEAD}" in output
    assert f"{AFTER} (contract: {NEXT})" in output
    assert postgres.execute(REVISION, database) == [(AFTER,)]


def test_a_report_that_can_not_be_written_fails_nothing(
    version: Callable[..., Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    v = version()
    monkeypatch.setenv("RELEASE_REPORT", "/nonexisting/termination-log")

    assert v.app.test_cli_runner().invoke(args=["release"]).exit_code == 0
