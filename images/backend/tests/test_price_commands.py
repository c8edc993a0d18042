"""`flask prices`: listing and removing prices."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from cooking import INGREDIENTS, RECIPES, Cook
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def run(app: Flask):
    def run(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=["prices", *arguments])

    return run


def report(cook: Cook, ingredient: int, price: int) -> int:
    response = cook.post(f"{INGREDIENTS}/{ingredient}/prices", {"price": price, "per": 1, "confirm": True})
    assert response.status_code == 201
    return response.json["id"]


def shown(client: FlaskClient, ingredient: int) -> list[int]:
    return [item["price"] for item in client.get(f"{INGREDIENTS}/{ingredient}/prices").json["items"]]


def email_of(cook: Cook) -> str:
    return cook.get("/api/v1/me").json["email"]


def test_list_prints_the_arguments_of_remove_and_remove_of(cook: Cook, run) -> None:
    ingredient = cook.ingredient(name="돌나물")
    price = report(cook, ingredient, 120)

    lines = run("list", "돌나물").output.splitlines()

    assert len(lines) == 2
    assert re.fullmatch(
        rf"{price}  \d{{4}}-\d\d-\d\d \d\d:\d\d UTC  120 won for 1 g  {email_of(cook)}", lines[1]
    )
    assert "(unknown: sample data, the previous version or a deleted account" in run("list", "두부").output


def test_removing_a_price_restores_the_cost_of_recipes_in_every_pod(
    cook: Cook, replica: FlaskClient, run
) -> None:
    recipe = cook.recipe((10, "g", 100, 1), (1, "g", 7, 1))
    first, second = (line["ingredientId"] for line in recipe["ingredients"])
    wrong = report(cook, first, 10_000), report(cook, second, 9_000)
    assert replica.get(f"{RECIPES}/{recipe['id']}").json["totalCost"] == 109_000

    result = run("remove", *map(str, wrong))

    assert (result.exit_code, result.output) == (0, "2 prices are removed\n")
    assert replica.get(f"{RECIPES}/{recipe['id']}").json == recipe
    assert shown(replica, first) == [100]


def test_refused_removal_changes_nothing_and_prints_all_reasons(cook: Cook, run) -> None:
    ingredient, other = cook.ingredient(name="돌나물"), cook.ingredient(name="취나물")
    price = report(cook, other, 120)
    [only] = cook.get("/api/v1/me/prices/ids", ingredient=ingredient).json["ids"]

    result = run("remove", str(only), str(price), "999999", "888888")

    assert result.exit_code == 1
    assert result.output == (
        "Error: nothing was changed: there is no price 888888, 999999;"
        f" '돌나물' (id {ingredient}) would have no price left\n"
    )
    assert shown(cook.client, other) == [100, 120]


def test_all_prices_of_an_account_are_removed_except_only_prices(
    client: FlaskClient, cook: Cook, run
) -> None:
    vandal = Cook(client, name="장난꾼")
    mine, theirs = cook.ingredient(), vandal.ingredient(name="가짜")
    for _ in range(2):
        report(vandal, mine, 99_999)
        report(vandal, theirs, 5)

    result = run("remove-of", email_of(vandal).upper())

    assert result.exit_code == 0
    assert result.output == (
        f"2 prices are removed\n3 prices stay: they are all that '가짜' (id {theirs}) has;"
        " see flask ingredients remove\n"
    )
    assert shown(client, mine) == [100]
    assert shown(client, theirs) == [100, 5, 5]
    assert run("remove-of", "nobody@example.com").output == (
        "Error: nothing was changed: there is no account 'nobody@example.com'\n"
    )
