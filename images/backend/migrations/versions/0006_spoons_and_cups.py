"""the weight of a tablespoon, and quantities in the cook's unit

Only adds. An amount that the previous version does not know, such as a cup or a spoon of an ingredient sold
by weight, is in the two new columns of recipe_ingredients. The two old columns then have the amount in the
unit of sale, so the previous version can read and price it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LINES = "recipe_ingredients"


def upgrade() -> None:
    op.add_column("ingredients", sa.Column("tablespoon_grams", sa.Numeric(6, 3), nullable=True))
    op.create_check_constraint(
        op.f("ck_ingredients_tablespoon_positive"), "ingredients", "tablespoon_grams > 0"
    )
    op.add_column(LINES, sa.Column("measured_quantity", sa.Numeric(10, 3), nullable=True))
    op.add_column(LINES, sa.Column("measured_unit", sa.String(length=8), nullable=True))
    for name, rule in {
        "measured_known": "measured_unit IN ('g', 'kg', 'ml', 'l', 'tsp', 'tbsp', 'cup', 'piece', 'little')",
        "measured_not_negative": "measured_quantity >= 0",
        "measured_whole": "(measured_unit IS NULL) = (measured_quantity IS NULL)",
    }.items():
        op.create_check_constraint(op.f(f"ck_{LINES}_{name}"), LINES, rule)


def downgrade() -> None:
    op.drop_column(LINES, "measured_unit")
    op.drop_column(LINES, "measured_quantity")
    op.drop_column("ingredients", "tablespoon_grams")
