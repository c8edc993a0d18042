"""The cost of many recipes after a price change, in one statement.

PostgreSQL's numeric is exact except for divisions, which here have 40 decimal places. If that precision does
not decide whether a cost rounds up or down, the exact fractions of app/cost.py compute it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, text

from ..models import Recipe, db
from ..units import TABLESPOON_ML, UNITS, Measure, Unit
from . import derived

# 50 lines are 50 divisions, each exact or with an error below 1e-40. The last one, by the servings, is
# div(), which truncates exactly.
_RECOST = text("""
WITH units AS (
  SELECT * FROM unnest(CAST(:units AS text[]), CAST(:bases AS text[]), CAST(:factors AS bigint[]))
    AS u (unit, base, factor)
),
prices AS MATERIALIZED (
  SELECT i.id, i.unit AS sold_by, i.tablespoon_grams AS grams, latest.price, latest.per
  FROM ingredients i, LATERAL (
    SELECT price, per FROM ingredient_prices WHERE ingredient_id = i.id ORDER BY at DESC, id DESC LIMIT 1
  ) latest
),
lines AS (
  SELECT r.recipe_id,
    p.per * CASE WHEN by_weight THEN :spoon WHEN by_volume THEN p.grams ELSE 1 END AS divisor,
    CAST(COALESCE(r.measured_quantity, r.quantity) * u.factor * p.price
      * CASE WHEN by_weight THEN p.grams WHEN by_volume THEN :spoon ELSE 1 END AS numeric(60, 40)) AS dividend
  FROM recipe_ingredients r
  JOIN units u ON u.unit = COALESCE(r.measured_unit, r.unit)
  JOIN prices p ON p.id = r.ingredient_id,
  LATERAL (
    SELECT u.base = 'ml' AND sold_by = 'g' AS by_weight, u.base = 'g' AND sold_by = 'ml' AS by_volume
  ) sale
  WHERE r.recipe_id = ANY(:ids)
),
totals AS (
  SELECT recipe_id, sum(dividend / divisor) AS total,
    bool_and(dividend / divisor * divisor = dividend) AS exact
  FROM lines GROUP BY recipe_id
)
UPDATE recipes SET cost_per_meal = div(2 * total + servings, 2 * servings) FROM totals
WHERE id = recipe_id
RETURNING id, NOT exact AND abs(total / servings - floor(total / servings) - 0.5) < 1e-30 AS undecided
""")


def recost(recipe_ids: Iterable[int]) -> None:
    """Update `cost_per_meal` of recipes; all of them must have ingredients."""
    # All code locks recipes in this order. The next statement then sees commits of other transactions.
    recipes = select(Recipe.id).where(Recipe.id.in_(sorted(set(recipe_ids)))).order_by(Recipe.id)
    measures = {**UNITS, Unit.LITTLE: Measure(Unit.LITTLE, 0)}
    ids = db.session.scalars(recipes.with_for_update(key_share=True)).all()
    recosted = db.session.execute(
        _RECOST,
        {
            "ids": ids,
            "units": [str(unit) for unit in measures],
            "bases": [str(measure.base) for measure in measures.values()],
            "factors": [measure.factor for measure in measures.values()],
            "spoon": TABLESPOON_ML,
        },
    )
    derived.refresh([recipe.id for recipe in recosted if recipe.undecided])
