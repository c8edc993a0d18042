"""Generate the migration of changed models with Alembic, for review: `make migration NAME="what changed"`.

    python tests/generate_migration.py "what changed"

Alembic compares the models with the tables of a new PostgreSQL server, on which all existing migrations have
run. Prints the path of the new file. Exits with 1 if no model has changed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from conftest import environment  # noqa: E402
from servers import Postgres  # noqa: E402

DATABASE = "migration"


def generate(postgres: Postgres, root: Path, what: str) -> Path | None:
    """Write the migration of the models in `root`; return its path, or None if no model has changed."""

    def run(*command: str, check: bool = True) -> int:
        arguments = [sys.executable, "-m", *command]
        return subprocess.run(arguments, env=env, cwd=root, check=check, stdout=subprocess.DEVNULL).returncode

    env = environment(postgres, 6379, DATABASE)  # migrations use no Redis
    postgres.execute(f"CREATE DATABASE {DATABASE}")
    try:
        run("flask", "db", "upgrade")
        if run("flask", "db", "check", check=False) == 0:
            return None
        versions = root / "migrations/versions"
        number = max(int(file.name[:4]) for file in versions.glob("[0-9]*.py")) + 1
        run("flask", "db", "migrate", "--message", what, "--rev-id", f"{number:04}")
        (new,) = versions.glob(f"{number:04}_*.py")
        run("ruff", "check", "--quiet", "--fix", str(new))
        run("ruff", "format", "--quiet", str(new))
        return new
    finally:
        postgres.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def main(what: str) -> int:
    postgres = Postgres()
    try:
        postgres.start()
        new = generate(postgres, ROOT, what)
    finally:
        postgres.remove()
    print(new or "no model differs from the tables that the migrations create")
    return 0 if new else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
