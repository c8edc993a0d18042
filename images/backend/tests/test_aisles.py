"""Aisles of ingredients, and the shopping list in the order of the aisles."""

from __future__ import annotations

import pytest
from cooking import INGREDIENTS, Cook
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres, RedisServer

from app import limits
from app.aisles import Aisle

LIST = "/api/v1/shopping-list"


def added(cook: Cook, name: str, aisle: str | None = None) -> int:
    body = {"name": name, "unit": "g", "price": 100, "per": 1, "aisle": aisle}
    response = cook.post(INGREDIENTS, body)
    assert response.status_code == 201, response.json
    assert response.json["aisle"] == aisle
    return response.json["id"]


def put(cook: Cook, ingredient: int, aisle: object):
    return cook.put(f"{INGREDIENTS}/{ingredient}/aisle", {"aisle": aisle})


def recipe_of(cook: Cook, *ingredients: int) -> int:
    lines = [{"ingredientId": one, "quantity": 1, "unit": "g"} for one in ingredients]
    return cook.save({**cook.content(), "ingredients": lines}).json["id"]


def bought(cook: Cook, *recipes: int) -> list[tuple[str, str | None]]:
    items = cook.get(LIST, recipe=[f"{recipe}:1" for recipe in recipes]).json["items"]
    return [(item["name"], item["aisle"]) for item in items]


def test_list_is_sorted_by_aisle_then_by_name_and_unknown_aisles_are_last(cook: Cook) -> None:
    names = {aisle: (f"나 {aisle}", f"가 {aisle}") for aisle in (None, *reversed(Aisle))}
    ids = [added(cook, name, aisle) for aisle, pair in names.items() for name in pair]
    first, second = recipe_of(cook, *ids[::2]), recipe_of(cook, *ids[1::2])

    assert bought(cook, first, second) == [
        (f"{syllable} {aisle}", aisle) for aisle in (*Aisle, None) for syllable in ("가", "나")
    ]


def test_aisles_are_in_the_order_of_a_supermarket() -> None:
    walk = [Aisle.VEGETABLES, Aisle.MEAT, Aisle.SEAFOOD, Aisle.DAIRY, Aisle.SEASONINGS]
    assert sorted(walk, key=list(Aisle).index) == walk


def test_ingredient_needs_no_aisle(cook: Cook) -> None:
    ingredient = cook.ingredient(name="돌")

    assert cook.get(f"{INGREDIENTS}/{ingredient}").json["aisle"] is None
    assert bought(cook, recipe_of(cook, ingredient)) == [("돌", None)]


def test_any_cook_changes_and_clears_the_aisle_of_an_ingredient(
    cook: Cook, client: FlaskClient, replica: FlaskClient
) -> None:
    other = Cook(client, name="다른 사람")
    ingredient = added(cook, "두부면", "packaged")
    recipe = recipe_of(cook, ingredient)
    for writer, aisle in ((other, "chilled"), (cook, None), (other, "dairy")):
        replica.get(f"{INGREDIENTS}/{ingredient}")  # now cached

        response = put(writer, ingredient, aisle)

        assert (response.status_code, response.json["aisle"]) == (200, aisle)
        assert replica.get(f"{INGREDIENTS}/{ingredient}").json == response.json
        assert bought(cook, recipe) == [("두부면", aisle)]
        [listed] = client.get(INGREDIENTS, query_string={"q": "두부면"}).json["items"]
        assert listed == response.json


@pytest.mark.parametrize("aisle", ["", "채소", "Meat", "garage", 1, True, [], {"aisle": "meat"}])
def test_unknown_aisle_is_reported_with_all_other_errors(cook: Cook, aisle: object) -> None:
    ingredient = cook.ingredient()

    changed = put(cook, ingredient, aisle)
    new = cook.post(INGREDIENTS, {"name": "", "unit": "kg", "price": 0, "per": 1, "aisle": aisle})

    assert (changed.status_code, new.status_code) == (422, 422)
    assert [error["pointer"] for error in changed.json["errors"]] == ["#/aisle"]
    assert {error["pointer"] for error in new.json["errors"]} == {"#/aisle", "#/name", "#/unit", "#/price"}


def test_setting_an_aisle_needs_a_login_a_value_and_an_existing_ingredient(
    cook: Cook, client: FlaskClient
) -> None:
    ingredient = cook.ingredient()

    assert cook.put(f"{INGREDIENTS}/{ingredient}/aisle", {}).status_code == 422
    assert put(cook, 999_999, "meat").status_code == 404
    assert client.put(f"{INGREDIENTS}/{ingredient}/aisle", json={"aisle": "meat"}).status_code == 401


def test_aisles_set_by_an_account_are_limited(
    cook: Cook, monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer
) -> None:
    monkeypatch.setattr(limits, "AISLES", limits.Limit(2, limits.AISLES.window))
    ingredient = cook.ingredient()

    assert [put(cook, ingredient, aisle).status_code for aisle in ("meat", "dairy", "meat")] == [
        200,
        200,
        429,
    ]
    assert cook.get(f"{INGREDIENTS}/{ingredient}").json["aisle"] == "dairy"
    redis_server.stop()
    assert put(cook, ingredient, "meat").status_code == 200


def test_all_sample_ingredients_have_an_aisle(cook: Cook, postgres: Postgres, database: str) -> None:
    rows = postgres.execute("SELECT name, aisle FROM ingredients", database)
    aisles = dict(rows)

    assert [name for name, aisle in rows if aisle is None] == []
    some = {
        "대파": "vegetables",
        "삼겹살": "meat",
        "고등어": "seafood",
        "달걀": "dairy",
        "간장": "seasonings",
    }
    assert {name: aisles[name] for name in some} == some


def test_release_sets_missing_aisles_of_samples_and_keeps_the_aisles_set_by_cooks(
    app: Flask, cook: Cook, postgres: Postgres, database: str
) -> None:
    """The previous version stored no aisles."""
    postgres.execute("UPDATE ingredients SET aisle = NULL", database)
    [tofu] = cook.get(INGREDIENTS, q="순두부").json["items"]
    assert put(cook, tofu["id"], "packaged").status_code == 200

    assert app.test_cli_runner().invoke(args=["release", "--sample-data"]).exit_code == 0

    missing = "SELECT count(*) FROM ingredients WHERE aisle IS NULL"
    assert postgres.execute(missing, database) == [(0,)]
    assert cook.get(f"{INGREDIENTS}/{tofu['id']}").json["aisle"] == "packaged"


def test_ingredient_added_by_the_previous_version_has_no_aisle(
    cook: Cook, postgres: Postgres, database: str
) -> None:
    """The previous version's INSERT does not have the column."""
    [(ingredient,)] = postgres.execute(
        "INSERT INTO ingredients (name, unit, price_per_unit) VALUES ('옛것', 'g', 1) RETURNING id", database
    )
    postgres.execute(f"INSERT INTO ingredient_prices (ingredient_id, price, per) VALUES ({ingredient}, 1, 1)",
                     database)  # fmt: skip

    assert bought(cook, recipe_of(cook, ingredient, cook.ingredient(name="가루"))) == [
        ("가루", None),
        ("옛것", None),
    ]
