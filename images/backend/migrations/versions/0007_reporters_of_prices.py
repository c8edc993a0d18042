"""the reporter of a price, who may withdraw it

Only adds: prices reported through the previous version have no reporter. Only an operator can remove them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_reports",
        sa.Column("price_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["price_id"],
            ["ingredient_prices.id"],
            name=op.f("fk_price_reports_price_id_ingredient_prices"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_price_reports_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("price_id", name=op.f("pk_price_reports")),
    )
    op.create_index(op.f("ix_price_reports_user_id"), "price_reports", ["user_id"])


def downgrade() -> None:
    op.drop_table("price_reports")
