"""What many recipes cost after a price has changed, in one statement.

PostgreSQL's numeric is exact but for divisions. Here they are carried to 40 decimal places. Meals of which
that does not tell whether they round up or down are left to the exact fractions of app/cost.py.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, text

from ..models import Recipe, db
from ..units import UNITS
from . import derived

# 50 lines are as many divisions, each wrong by less than 1e-40, or not at all if nothing remains. The last
# one, by the servings, is div(), which cuts off exactly.
_RECOST = text("""
WITH units AS (SELECT * FROM unnest(CAST(:units AS text[]), CAST(:factors AS bigint[])) AS u (unit, factor)),
prices AS MATERIALIZED (
  SELECT i.id, latest.price, latest.per FROM ingredients i, LATERAL (
    SELECT price, per FROM ingredient_prices WHERE ingredient_id = i.id ORDER BY at DESC, id DESC LIMIT 1
  ) latest
),
lines AS (
  SELECT r.recipe_id, p.per, CAST(r.quantity * u.factor * p.price AS numeric(60, 40)) AS dividend
  FROM recipe_ingredients r JOIN units u USING (unit) JOIN prices p ON p.id = r.ingredient_id
  WHERE r.recipe_id = ANY(:ids)
),
totals AS (
  SELECT recipe_id, sum(dividend / per) AS total, bool_and(dividend / per * per = dividend) AS exact
  FROM lines GROUP BY recipe_id
)
UPDATE recipes SET cost_per_meal = div(2 * total + servings, 2 * servings) FROM totals
WHERE id = recipe_id
RETURNING id, NOT exact AND abs(total / servings - floor(total / servings) - 0.5) < 1e-30 AS undecided
""")


def recost(recipe_ids: Iterable[int]) -> None:
    """Make `cost_per_meal` of recipes anew, all of which have ingredients."""
    # In the order of all who lock recipes; the next statement then sees what others have committed.
    recipes = select(Recipe.id).where(Recipe.id.in_(sorted(set(recipe_ids)))).order_by(Recipe.id)
    ids = db.session.scalars(recipes.with_for_update(key_share=True)).all()
    recosted = db.session.execute(
        _RECOST,
        {
            "ids": ids,
            "units": [str(unit) for unit in UNITS],
            "factors": [measure.factor for measure in UNITS.values()],
        },
    )
    derived.refresh([recipe.id for recipe in recosted if recipe.undecided])
