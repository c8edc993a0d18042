from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from generate_migration import generate
from servers import ROOT, Postgres


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the API whose models a test may change."""
    for folder in ("app", "config", "migrations"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_migration_of_a_changed_model_is_generated(postgres: Postgres, checkout: Path) -> None:
    before = set((checkout / "migrations/versions").iterdir())
    model = checkout / "app/models/user.py"
    model.write_text(model.read_text() + "    nickname: Mapped[str | None]\n")

    new = generate(postgres, checkout, "nicknames of users")

    newest = max(file.name[:4] for file in before)
    assert new is not None
    assert new.name == f"{int(newest) + 1:04}_nicknames_of_users.py"
    text = new.read_text()
    assert f'down_revision = "{newest}"' in text
    assert 'op.add_column("users", sa.Column("nickname", sa.String(), nullable=True))' in text


def test_unchanged_models_need_no_migration(postgres: Postgres, checkout: Path) -> None:
    before = set((checkout / "migrations/versions").iterdir())

    assert generate(postgres, checkout, "nothing") is None
    assert {file for file in (checkout / "migrations/versions").iterdir() if file.suffix == ".py"} <= before
