"""names of ingredients in one canonical form, and aliases

Only adds. If several ingredients have the same canonical form, the oldest gets the name. The others stay
unchanged, with their prices and recipes, until an operator merges them (`flask ingredients duplicates`).
"""

import sqlalchemy as sa
from alembic import op

from app.canonical import canonical

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = op.create_table(
        "ingredient_names",
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("ingredient_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(
            ["ingredient_id"],
            ["ingredients.id"],
            name=op.f("fk_ingredient_names_ingredient_id_ingredients"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("canonical", name=op.f("pk_ingredient_names")),
    )
    op.create_index(op.f("ix_ingredient_names_ingredient_id"), "ingredient_names", ["ingredient_id"])
    # With the current code: the stored form must be the one that it compares.
    oldest = {}
    for row in op.get_bind().execute(sa.text("SELECT id, name FROM ingredients ORDER BY id")):
        if form := canonical(row.name):
            oldest.setdefault(form, {"canonical": form, "ingredient_id": row.id, "name": row.name})
    op.bulk_insert(names, list(oldest.values()))


def downgrade() -> None:
    op.drop_table("ingredient_names")
