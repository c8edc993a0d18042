"""`flask prices`: list and remove what cooks have reported."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from .. import catalogue, price_removal
from ..models import IngredientPrice, PriceReport, User, db
from ..models.base import MAX_ID
from .group import commands_of

prices = AppGroup("prices", help="List and remove prices that cooks have reported.")
_command = commands_of(prices)
UNKNOWN = "(unknown: sample data, the previous version or a deleted account)"


@_command("list")
@click.argument("ingredient")
def list_prices(ingredient: str) -> None:
    """List the prices of INGREDIENT, oldest first: id, time, price, and the reporter's e-mail address."""
    [found] = catalogue.resolve([ingredient])
    query = (
        select(IngredientPrice, User.email)
        .outerjoin(PriceReport, PriceReport.price_id == IngredientPrice.id)
        .outerjoin(User, User.id == PriceReport.user_id)
        .where(IngredientPrice.ingredient_id == found.id)
        .order_by(IngredientPrice.at, IngredientPrice.id)
    )
    for price, email in db.session.execute(query):
        sold = f"{price.price} won for {price.per.normalize():f} {found.unit}"
        click.echo(f"{price.id}  {price.at:%Y-%m-%d %H:%M UTC}  {sold}  {email or UNKNOWN}")


@_command("remove")
@click.argument("price_ids", metavar="PRICE_ID...", nargs=-1, required=True, type=click.IntRange(1, MAX_ID))
def remove(price_ids: tuple[int, ...]) -> None:
    """Remove prices by the ids that `list` prints. The latest remaining price is the current one."""
    click.echo(_told(price_removal.remove(set(price_ids))))


@_command("remove-of")
@click.argument("email")
def remove_of(email: str) -> None:
    """Remove all prices that the account of EMAIL has reported, but no only price of an ingredient."""
    removed, kept = price_removal.remove_of(email.strip().lower())
    click.echo(_told(removed))
    for ingredient, count in kept:
        click.echo(
            f"{count} prices stay: they are all that {ingredient.name!r} (id {ingredient.id}) has;"
            " see flask ingredients remove"
        )


def _told(count: int) -> str:
    return f"{count} prices are removed"
