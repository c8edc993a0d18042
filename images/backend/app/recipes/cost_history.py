"""The cost of a meal over time, in at most MOST points for any number of prices.

If fewer than MOST prices changed, each change is a point. Otherwise the time is divided into equal parts, and
the last change of each part is a point. Prices are looked up by index, so the number of older prices does not
matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Row, TableValuedAlias, bindparam, func, select, true
from sqlalchemy.types import BigInteger, DateTime

from ..cost import won
from ..models import Ingredient, IngredientPrice, Recipe, RecipeIngredient, db
from . import current
from .detail import not_found

# Enough for the curve of a chart. Each point needs one look-up per ingredient of the recipe.
MOST = 24

Prices = dict[int, Row]


class _Line(NamedTuple):
    name: str
    quantity: Fraction  # in its base unit


def cost_history(recipe_id: int) -> list[dict[str, Any]]:
    """The cost of a meal at first and after price changes, with the current quantities, oldest first.

    Ingredients that cost nothing, such as a little salt, have no part in it. The history begins when all
    others had a price; it is empty if there is no other. Prices that changed at one instant are one point.
    A point names the ingredient whose price changed since the previous point; None if there were several.
    The last point is the current cost.
    """
    servings = db.session.scalar(select(Recipe.servings).where(Recipe.id == recipe_id))
    if servings is None:
        raise not_found(recipe_id)
    lines = _lines(recipe_id)
    span = _span(lines)
    if span is None:
        return []
    begin, end = span
    changes = _changes(begin, lines)
    if len(changes) < MOST:
        return _points(servings, lines, _after(changes, _prices_at([begin], lines)))
    return _points(servings, lines, _prices_at(_parts(begin, end), lines))


def _lines(recipe_id: int) -> dict[int, _Line]:
    names, quantities = {}, defaultdict(Fraction)
    for line in current.lines(RecipeIngredient.recipe_id == recipe_id):
        if amount := current.amount(line):
            names[line.ingredient_id] = line.name
            quantities[line.ingredient_id] += amount
    return {ingredient_id: _Line(name, quantities[ingredient_id]) for ingredient_id, name in names.items()}


def _span(lines: Iterable[int]) -> tuple[datetime, datetime] | None:
    """The first time at which all ingredients had a price, and the time of the last price change."""
    at = IngredientPrice.at
    of_one = select(func.min(at).label("first"), func.max(at).label("last")).where(
        IngredientPrice.ingredient_id == Ingredient.id
    )
    prices = of_one.lateral()
    query = select(func.max(prices.c.first), func.max(prices.c.last)).select_from(Ingredient)
    begin, end = db.session.execute(query.join(prices, true()).where(Ingredient.id.in_(lines))).one()
    return None if begin is None else (begin, end)


def _changes(begin: datetime, lines: Iterable[int]) -> Sequence[Row]:
    """The prices after `begin`, oldest first; any MOST of them if there are more."""
    rows = db.session.execute(
        select(*_PRICE)
        .where(IngredientPrice.ingredient_id.in_(lines), IngredientPrice.at > begin)
        .limit(MOST)
    ).all()
    return sorted(rows, key=lambda row: (row.at, row.id))


def _after(changes: Sequence[Row], first: list[tuple[datetime, Prices]]) -> list[tuple[datetime, Prices]]:
    """The first prices, then the prices that changed at each instant."""
    by_instant = groupby(changes, key=lambda row: row.at)
    return first + [(at, {row.ingredient_id: row for row in changed}) for at, changed in by_instant]


def _prices_at(instants: Sequence[datetime], lines: Iterable[int]) -> list[tuple[datetime, Prices]]:
    """All prices at each instant, each set with the time of its last change."""
    moments = _unnested(instants, DateTime(timezone=True))
    ids = _unnested(list(lines), BigInteger())
    latest = (
        select(*_PRICE)
        .where(IngredientPrice.ingredient_id == ids.c.value, IngredientPrice.at <= moments.c.value)
        .order_by(IngredientPrice.at.desc(), IngredientPrice.id.desc())
        .limit(1)
        .lateral()
    )
    rows = db.session.execute(
        select(moments.c.value.label("moment"), *latest.c)
        .select_from(moments)
        .join(ids, true())
        .join(latest, true())
        .order_by(moments.c.value)
    )
    result = []
    for _, of_moment in groupby(rows, key=lambda row: row.moment):
        prices = {row.ingredient_id: row for row in of_moment}
        result.append((max(row.at for row in prices.values()), prices))
    return result


def _parts(begin: datetime, end: datetime) -> list[datetime]:
    """MOST instants at equal distances, from `begin` to `end`."""
    parts = MOST - 1
    return [begin + (end - begin) * part / parts for part in range(parts)] + [end]


def _points(
    servings: int, lines: dict[int, _Line], instants: Sequence[tuple[datetime, Prices]]
) -> list[dict[str, Any]]:
    # The multiple of each price in the total cost. With a common denominator, the sums are sums of integers:
    # exact and fast.
    quantities = {(key, price.per) for _, prices in instants for key, price in prices.items()}
    times = {(key, per): lines[key].quantity / Fraction(per) for key, per in quantities}
    denominator = lcm(*(each.denominator for each in times.values()))
    whole = {key: each.numerator * (denominator // each.denominator) for key, each in times.items()}

    points: list[dict[str, Any]] = []
    known: Prices = {}
    costs: dict[int, int] = {}
    for at, prices in instants:
        changed = [key for key, price in prices.items() if key not in known or price.id != known[key].id]
        if not changed:
            continue
        known = known | prices
        for key in changed:
            costs[key] = whole[key, prices[key].per] * prices[key].price
        only = changed[0] if points and len(changed) == 1 else None
        points.append(
            {
                "at": at,
                "cost_per_meal": won(Fraction(sum(costs.values()), denominator * servings)),
                "ingredient": only and {"id": only, "name": lines[only].name},
            }
        )
    return points


def _unnested(values: Sequence[Any], kind: Any) -> TableValuedAlias:
    values = bindparam(None, values, ARRAY(kind), unique=True)
    return func.unnest(values).table_valued("value", name="value").render_derived()


_PRICE = (
    IngredientPrice.id,
    IngredientPrice.ingredient_id,
    IngredientPrice.price,
    IngredientPrice.per,
    IngredientPrice.at,
)
