"""Runs of components/backup.sh, and their results."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping

from servers import HOST, PASSWORD, ROOT, Postgres

SCRIPT = ROOT.parent.parent / "components/backup.sh"

# Runs a command of the script. Keyword arguments change its environment.
Backup = Callable[..., subprocess.CompletedProcess]


def database_variables(postgres: Postgres, database: str) -> dict[str, str]:
    """libpq's variables in the pod's container."""
    return {
        "PGHOST": HOST,
        "PGPORT": str(postgres.port),
        "PGUSER": postgres.user,
        "PGPASSWORD": PASSWORD,
        "PGDATABASE": database,
        "PGSSLMODE": "prefer",
    }


def run_script(
    arguments: tuple[str, ...], variables: Mapping[str, str], stdin: bytes, *secrets: str
) -> subprocess.CompletedProcess:
    """Run the script; fail if it prints the password of PostgreSQL or one of the secrets."""
    result = subprocess.run(
        ["sh", SCRIPT, *arguments], input=stdin, env=variables, capture_output=True, timeout=120
    )
    printed = (result.stdout + result.stderr).decode(errors="replace")
    assert not [secret for secret in (PASSWORD, *secrets) if secret in printed]
    return result


def taken(backup: Backup, **changes: str) -> dict:
    result = backup("take", **changes)
    assert result.returncode == 0, result.stderr.decode()
    return json.loads(result.stdout)


def failure(result: subprocess.CompletedProcess) -> str:
    assert result.returncode != 0, result.stdout.decode()
    return result.stderr.decode()


def listed(backup: Backup) -> list[str]:
    result = backup("list")
    assert result.returncode == 0, result.stderr.decode()
    return [json.loads(line)["name"] for line in result.stdout.splitlines()]
