"""The revision of the database's schema, and the oldest version of the code that it serves."""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import dataclass

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, text

log = logging.getLogger(__name__)

# "contract: 0008" in a migration: that migration removes what versions before 0008 use.
CONTRACT = re.compile(r"^contract: (\w+)", re.MULTILINE)

_READ = "SELECT obj_description(to_regclass('alembic_version'), 'pg_class')"


class TooOldError(Exception):
    """A later version has removed from the schema what this version uses."""


@dataclass(frozen=True)
class Schema:
    """The database as it is, and the newest revision that this version of the code knows."""

    revision: str | None  # of the database; None: it is empty
    head: str
    contracts: dict[str, str]  # applied migrations that remove something, each with its "contract:"

    def is_newer(self) -> bool:
        """Whether a later version of the code has migrated the database. Revisions are numbers."""
        revision = self.revision or ""
        return revision.isdecimal() and int(revision) > int(self.head)

    def check(self) -> None:
        """Reject this version if a later one has removed what it uses."""
        removed = [
            f"{migration} (contract: {oldest})"
            for migration, oldest in self.contracts.items()
            if int(migration) > int(self.head) and int(oldest) > int(self.head)
        ]
        if removed:
            raise TooOldError(
                f"the database is at revision {self.revision}; this version knows {self.head}, and uses what"
                f" these migrations have removed: {', '.join(removed)}; deploy the revision that the"
                " newest of them names, or a later one"
            )


def read(connection: Connection) -> Schema:
    """The schema of this database."""
    return Schema(
        MigrationContext.configure(connection).get_current_revision(),
        str(_scripts().get_current_head()),
        # The comment outlives a rollback: this version may not have the migrations.
        json.loads(connection.scalar(text(_READ)) or "{}"),
    )


def note_contracts(connection: Connection) -> None:
    """Store the contracts of this version's migrations in the database, for older versions to read."""
    found = {
        script.revision: match[1]
        for script in reversed(list(_scripts().walk_revisions()))
        if (match := CONTRACT.search(script.longdoc))
    }
    comment = json.dumps(found)
    if connection.scalar(text(_READ)) != comment:
        # PostgreSQL accepts no parameter here. Revisions consist of letters, digits and _.
        connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{comment}'")


def report(schema: Schema) -> None:
    """Write the schema to the container's termination message, from which `pulumi up` reads it."""
    path = os.environ.get("RELEASE_REPORT")
    if not path:
        return
    content = {"revision": schema.revision, "head": schema.head, "contracts": schema.contracts}
    try:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file)
    except OSError as error:
        log.warning("release: the report can't be written: %s", error)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(current_app.extensions["migrate"].migrate.directory)
