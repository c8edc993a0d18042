"""Migrations keep the previous version working while they run and afterwards, as README.md requires.

The test compares the tables after each migration, independent of its code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from servers import ROOT, Postgres

from app import schema

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


def test_revisions_are_consecutive_numbers() -> None:
    """`flask release` of an older version recognizes the schema of a later one by its number."""
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


COLUMNS = """
SELECT table_name::text, column_name::text, udt_name::text, character_maximum_length, numeric_precision,
       numeric_scale, is_nullable = 'YES', column_default IS NOT NULL OR is_identity = 'YES'
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname::text, array_agg(attname::text)
FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
WHERE connamespace = 'public'::regnamespace GROUP BY 1, 2
"""


class Column(NamedTuple):
    type: str
    length: int | None
    precision: int | None
    scale: int | None
    nullable: bool
    default: bool

    def takes_all_of(self, before: Column) -> bool:
        same = (self.type, self.scale) == (before.type, before.scale)
        return same and _at_least(self.length, before.length) and _at_least(self.precision, before.precision)


class Tables(NamedTuple):
    columns: dict[tuple[str, str], Column]
    constraints: dict[tuple[str, str], list[str]]

    @classmethod
    def of(cls, postgres: Postgres, database: str) -> Tables:
        columns = {(table, name): Column(*rest) for table, name, *rest in postgres.execute(COLUMNS, database)}
        constraints = postgres.execute(CONSTRAINTS, database)
        return cls(columns, {(table, name): on for table, name, on in constraints})


def breaks(before: Tables, after: Tables) -> list[str]:
    """Reasons why code for the previous tables might fail."""
    found = []
    for place, old in before.columns.items():
        new = after.columns.get(place)
        if new is None:
            found.append(f"{place} is gone")
        elif not new.takes_all_of(old):
            found.append(f"{place} has another type")
        elif (old.nullable and not new.nullable) or (old.default and not new.default and not new.nullable):
            found.append(f"{place} must be given now")
    tables = {table for table, _ in before.columns}
    for (table, name), new in after.columns.items():
        is_new = (table, name) not in before.columns
        if table in tables and is_new and not new.nullable and not new.default:
            found.append(f"{(table, name)} must be given")
    for (table, name), columns in after.constraints.items():
        if (table, name) not in before.constraints and all((table, on) in before.columns for on in columns):
            found.append(f"{name} is a new rule for old columns")
    return found


def _at_least(number: int | None, other: int | None) -> bool:
    return number is None or (other is not None and number >= other)


def test_each_migration_only_adds_or_declares_what_is_unused(
    make_app: Callable[..., Flask], postgres: Postgres, empty_database: str
) -> None:
    app = make_app(DATABASE_NAME=empty_database)
    before = Tables({}, {})
    for number, revision in enumerate(REVISIONS):
        with app.app_context():
            upgrade(revision=revision)
        after = Tables.of(postgres, empty_database)
        contract = schema.CONTRACT.search(SCRIPTS.get_revision(revision).longdoc)
        if contract is None:
            assert breaks(before, after) == [], revision
        else:
            assert contract[1] in REVISIONS[:number], revision
        before = after


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE favourites",
        "ALTER TABLE favourites RENAME TO liked",
        "ALTER TABLE recipes DROP COLUMN summary",
        "ALTER TABLE recipes RENAME COLUMN summary TO lead",
        "ALTER TABLE recipes ALTER COLUMN title TYPE varchar(99)",
        "ALTER TABLE recipes ALTER COLUMN servings TYPE bigint",
        "ALTER TABLE recipes ALTER COLUMN version DROP DEFAULT",
        "ALTER TABLE favourites ADD COLUMN note text NOT NULL",
        "UPDATE recipes SET sample_key = id; ALTER TABLE recipes ALTER COLUMN sample_key SET NOT NULL",
        "ALTER TABLE recipes ADD CONSTRAINT short CHECK (length(title) < 99)",
        "ALTER TABLE favourites ADD CONSTRAINT one_each UNIQUE (user_id)",
    ],
)
def test_changes_that_break_the_previous_version_are_found(
    postgres: Postgres, database: str, statement: str
) -> None:
    before = Tables.of(postgres, database)
    postgres.execute(statement, database)

    assert breaks(before, Tables.of(postgres, database)) != []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE notes (id bigint PRIMARY KEY, note text NOT NULL)",
        "ALTER TABLE recipes ADD COLUMN note text, ADD CONSTRAINT short CHECK (length(note) < 99)",
        "ALTER TABLE recipes ADD COLUMN note text NOT NULL DEFAULT ''",
        "ALTER TABLE recipes ALTER COLUMN title TYPE varchar(101)",
        "ALTER TABLE recipes ALTER COLUMN title DROP NOT NULL",
        "CREATE INDEX ON recipes (title)",
    ],
)
def test_additions_are_accepted(postgres: Postgres, database: str, statement: str) -> None:
    before = Tables.of(postgres, database)
    postgres.execute(statement, database)

    assert breaks(before, Tables.of(postgres, database)) == []
