"""the aisle of a shop that an ingredient is in

Only adds: an ingredient added by the previous version has no aisle until a cook or an operator sets it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The aisles of this release. A later release with more aisles extends the constraint.
AISLES = (
    "vegetables", "fruit", "meat", "seafood", "dairy", "chilled", "grains", "packaged", "seasonings",
    "bakery", "drinks", "frozen",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("ingredients", sa.Column("aisle", sa.String(length=16), nullable=True))
    op.create_check_constraint(
        op.f("ck_ingredients_aisle_known"), "ingredients", f"aisle IN ({', '.join(map(repr, AISLES))})"
    )


def downgrade() -> None:
    op.drop_column("ingredients", "aisle")
