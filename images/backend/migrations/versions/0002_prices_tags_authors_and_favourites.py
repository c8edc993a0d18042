"""prices with a history, tags, authors, favourites, and derived columns to search and sort by

Only adds: pods of 0001 can read while this migration runs, and after it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# 0001 stores the price of one unit. It becomes a price for the smallest power of ten that gives whole won.
_HISTORY = """
INSERT INTO ingredient_prices (ingredient_id, price, per)
SELECT id, price_per_unit * per, per FROM ingredients,
LATERAL (SELECT min(power) AS per FROM unnest(ARRAY[1, 10, 100, 1000, 10000]) AS power
         WHERE price_per_unit * power = trunc(price_per_unit * power)) AS smallest
ORDER BY id
"""

# Every divisor is a power of ten, so numeric is exact except for the division by the servings, which has far
# more digits than rounding to whole won needs. app/cost.py is exact for any divisor.
_DERIVED = """
UPDATE recipes SET
  updated_at = created_at,
  search_text = lower(concat_ws(E'\\n', title, summary, (
    SELECT string_agg(i.name, E'\\n' ORDER BY r.position)
    FROM recipe_ingredients r JOIN ingredients i ON i.id = r.ingredient_id WHERE r.recipe_id = recipes.id))),
  cost_per_meal = (
    SELECT coalesce(round(sum(r.quantity * i.price_per_unit * CASE r.unit
      WHEN 'kg' THEN 1000 WHEN 'l' THEN 1000 WHEN 'tsp' THEN 5 WHEN 'tbsp' THEN 15 ELSE 1 END)
      / recipes.servings), 0)
    FROM recipe_ingredients r JOIN ingredients i ON i.id = r.ingredient_id WHERE r.recipe_id = recipes.id)
"""


def upgrade() -> None:
    op.create_table(
        "ingredient_prices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ingredient_id", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("per", sa.Numeric(precision=16, scale=4), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("price >= 0", name=op.f("ck_ingredient_prices_price_not_negative")),
        sa.CheckConstraint("per > 0", name=op.f("ck_ingredient_prices_per_positive")),
        sa.ForeignKeyConstraint(
            ["ingredient_id"],
            ["ingredients.id"],
            name=op.f("fk_ingredient_prices_ingredient_id_ingredients"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingredient_prices")),
    )
    op.create_index(
        op.f("ix_ingredient_prices_ingredient_id_at_id"), "ingredient_prices", ["ingredient_id", "at", "id"]
    )
    # A larger precision with the same scale does not rewrite the table.
    op.alter_column("ingredients", "price_per_unit", type_=sa.Numeric(precision=16, scale=4))

    op.add_column(
        "recipes",
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("recipes", sa.Column("author_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_recipes_author_id_users"), "recipes", "users", ["author_id"], ["id"], ondelete="CASCADE"
    )
    op.add_column("recipes", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column(
        "recipes",
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.add_column(
        "recipes", sa.Column("search_text", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "recipes", sa.Column("cost_per_meal", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.execute(_HISTORY)
    op.execute(_DERIVED)
    op.create_index(op.f("ix_recipes_cost_per_meal_id"), "recipes", ["cost_per_meal", "id"])
    op.create_index(op.f("ix_recipes_cook_minutes_id"), "recipes", ["cook_minutes", "id"])
    op.create_index(op.f("ix_recipes_author_id_id"), "recipes", ["author_id", "id"])
    op.create_index("ix_recipes_tags", "recipes", ["tags"], postgresql_using="gin")

    op.create_table(
        "favourites",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("recipe_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipe_id"], ["recipes.id"], name=op.f("fk_favourites_recipe_id_recipes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_favourites_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_favourites")),
        sa.UniqueConstraint("user_id", "recipe_id", name=op.f("uq_favourites_user_id_recipe_id")),
    )
    op.create_index(op.f("ix_favourites_recipe_id"), "favourites", ["recipe_id"])
    op.create_index(op.f("ix_favourites_user_id_id"), "favourites", ["user_id", "id"])


def downgrade() -> None:
    op.drop_table("favourites")
    # The other indexes are dropped with their columns.
    op.drop_index(op.f("ix_recipes_cook_minutes_id"), table_name="recipes")
    for column in ("cost_per_meal", "search_text", "updated_at", "version", "author_id", "tags"):
        op.drop_column("recipes", column)
    op.drop_table("ingredient_prices")
    op.alter_column("ingredients", "price_per_unit", type_=sa.Numeric(precision=12, scale=4))
