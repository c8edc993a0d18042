"""Prices that cooks report: withdrawal, confirmation of unusual prices, and limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cooking import INGREDIENTS, RECIPES, Cook
from flask.testing import FlaskClient
from servers import Postgres, RedisServer
from werkzeug.test import TestResponse

from app import limits
from app.limits import Limit

NEEDLE = {"price": 49_000, "per": 34}


def prices_of(ingredient: int) -> str:
    return f"{INGREDIENTS}/{ingredient}/prices"


def report(cook: Cook, ingredient: int, **price: object) -> TestResponse:
    response = cook.post(prices_of(ingredient), {"confirm": True, **price})
    assert response.status_code == 201, response.json
    return response


def own_ids(cook: Cook, ingredient: int) -> list[int]:
    return cook.get("/api/v1/me/prices/ids", ingredient=ingredient).json["ids"]


def problem_of(response: TestResponse) -> tuple[int, str]:
    return response.status_code, response.json["type"].removeprefix("urn:hankki:problem:")


def test_withdrawal_of_a_price_restores_all_costs(
    cook: Cook, replica: FlaskClient, postgres: Postgres, database: str
) -> None:
    recipe = cook.recipe((340, "g", 4_900, 340))
    [line] = recipe["ingredients"]
    ingredient = line["ingredientId"]
    before = cook.get(f"{INGREDIENTS}/{ingredient}").json
    wrong = report(cook, ingredient, **NEEDLE).json
    # Every pod caches responses: the withdrawal must invalidate them.
    assert replica.get(f"{RECIPES}/{recipe['id']}").json["totalCost"] == 490_000
    assert len(replica.get(f"{RECIPES}/{recipe['id']}/cost-history").json["items"]) == 2

    response = cook.delete(f"{prices_of(ingredient)}/{wrong['id']}")

    assert (response.status_code, response.data) == (204, b"")
    assert replica.get(f"{INGREDIENTS}/{ingredient}").json == before
    assert replica.get(f"{RECIPES}/{recipe['id']}").json == recipe
    assert [
        item["costPerMeal"] for item in replica.get(RECIPES).json["items"] if item["id"] == recipe["id"]
    ] == [4_900]
    assert len(replica.get(f"{RECIPES}/{recipe['id']}/cost-history").json["items"]) == 1
    assert [item["price"] for item in replica.get(prices_of(ingredient)).json["items"]] == [4_900]
    # For code of the previous version.
    kept = f"SELECT price_per_unit::text FROM ingredients WHERE id = {ingredient}"
    assert postgres.execute(kept, database) == [("14.4118",)]
    assert problem_of(cook.delete(f"{prices_of(ingredient)}/{wrong['id']}")) == (404, "price-not-found")


def test_price_other_than_the_latest_can_be_withdrawn(cook: Cook) -> None:
    recipe = cook.recipe((10, "g", 100, 1))
    ingredient = recipe["ingredients"][0]["ingredientId"]
    wrong = report(cook, ingredient, price=200, per=1).json["id"]
    report(cook, ingredient, price=150, per=1)

    assert cook.delete(f"{prices_of(ingredient)}/{wrong}").status_code == 204

    assert [item["price"] for item in cook.get(prices_of(ingredient)).json["items"]] == [100, 150]
    assert cook.get(f"{RECIPES}/{recipe['id']}").json["totalCost"] == 1_500


def test_only_the_reporter_can_withdraw_a_price(client: FlaskClient, cook: Cook) -> None:
    other = Cook(client, name="다른 사람")
    ingredient = cook.ingredient()
    first = cook.get(prices_of(ingredient)).json["items"][0]["id"]
    price = report(cook, ingredient, price=120, per=1).json["id"]

    path = f"{prices_of(ingredient)}/{price}"
    assert problem_of(other.delete(path)) == (403, "not-yours")
    assert client.delete(path).status_code == 401
    assert problem_of(cook.delete(f"{prices_of(cook.ingredient())}/{price}")) == (404, "price-not-found")
    assert problem_of(cook.delete(f"{prices_of(999_999)}/{price}")) == (404, "ingredient-not-found")
    assert own_ids(cook, ingredient) == [first, price]
    assert own_ids(other, ingredient) == []


def test_prices_of_samples_and_of_the_previous_version_have_no_reporter(
    cook: Cook, postgres: Postgres, database: str
) -> None:
    ingredient = cook.ingredient()
    [(price,)] = postgres.execute(
        "INSERT INTO ingredient_prices (ingredient_id, price, per)"
        f" VALUES ({ingredient}, 110, 1) RETURNING id",
        database,
    )

    assert problem_of(cook.delete(f"{prices_of(ingredient)}/{price}")) == (403, "not-yours")


def test_only_price_of_an_ingredient_cannot_be_withdrawn(cook: Cook) -> None:
    ingredient = cook.ingredient()
    [only] = own_ids(cook, ingredient)

    assert problem_of(cook.delete(f"{prices_of(ingredient)}/{only}")) == (409, "only-price")

    report(cook, ingredient, price=120, per=1)
    assert cook.delete(f"{prices_of(ingredient)}/{only}").status_code == 204
    assert cook.get(f"{INGREDIENTS}/{ingredient}").json["price"] == 120


def test_reporter_of_a_price_is_private_and_the_price_survives_the_account(
    client: FlaskClient, cook: Cook
) -> None:
    ingredient = cook.ingredient()
    report(cook, ingredient, price=120, per=1)
    shown = client.get(prices_of(ingredient)).json["items"]
    assert [set(item) for item in shown] == [{"id", "price", "per", "at"}] * 2
    exported = cook.get("/api/v1/me/export").json["prices"]
    assert [(item["ingredient"]["id"], item["price"], item["per"]) for item in exported] == [
        (ingredient, 100, 1), (ingredient, 120, 1)]  # fmt: skip

    assert cook.post("/api/v1/me/deletion", {"password": "김치찌개-두-그릇"}).status_code == 204

    assert client.get(prices_of(ingredient)).json["items"] == shown


@pytest.mark.parametrize(
    ("price", "per"),
    [(49_000, 34), (14_701, 340), (1_633, 340), (4_900, 1_020.001), (4_900, 113.333), (1, 1_000_000)],
)
def test_price_that_differs_by_more_than_the_usual_factor_needs_confirmation(
    cook: Cook, price: int, per: float
) -> None:
    ingredient = cook.ingredient("g", 4_900, 340)

    refused = cook.post(prices_of(ingredient), {"price": price, "per": per})

    assert problem_of(refused) == (409, "price-unusual")
    assert refused.json["last"] == {"price": 4_900, "per": 340}
    assert len(cook.get(prices_of(ingredient)).json["items"]) == 1
    again = cook.post(prices_of(ingredient), {"price": price, "per": per, "confirm": True})
    assert again.status_code == 201
    assert cook.get(f"{INGREDIENTS}/{ingredient}").json["price"] == price


@pytest.mark.parametrize(("price", "per"), [(14_700, 340), (4_900, 1_020), (1_634, 340), (49_000, 3_400)])
def test_price_within_the_usual_factor_needs_no_confirmation(cook: Cook, price: int, per: float) -> None:
    ingredient = cook.ingredient("g", 4_900, 340)

    assert cook.post(prices_of(ingredient), {"price": price, "per": per}).status_code == 201


def test_confirmed_price_may_repeat_the_key_of_the_refused_one(cook: Cook) -> None:
    ingredient = cook.ingredient("g", 4_900, 340)
    headers = {**cook.headers, "Idempotency-Key": "one-press"}
    bodies = (NEEDLE, {**NEEDLE, "confirm": True}, {**NEEDLE, "confirm": True})

    responses = [cook.client.post(prices_of(ingredient), json=body, headers=headers) for body in bodies]

    assert [response.status_code for response in responses] == [409, 201, 201]
    assert responses[1].json == responses[2].json
    assert len(cook.get(prices_of(ingredient)).json["items"]) == 2


@pytest.mark.parametrize("confirm", ["true", 1, None, "yes"])
def test_confirm_is_true_or_false(cook: Cook, confirm: object) -> None:
    response = cook.post(prices_of(cook.ingredient()), {"price": 0, "per": 1, "confirm": confirm})

    assert response.status_code == 422
    assert {error["pointer"] for error in response.json["errors"]} == {"#/price", "#/confirm"}


@pytest.fixture
def few_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PRICES", Limit(3, timedelta(hours=1)))
    monkeypatch.setattr(limits, "INGREDIENTS", Limit(2, timedelta(hours=1)))


@pytest.mark.usefixtures("few_reports")
def test_prices_reported_by_an_account_are_limited_across_replicas(
    cook: Cook, client: FlaskClient, replica: FlaskClient
) -> None:
    ingredient = cook.ingredient()
    path = prices_of(ingredient)
    responses = [
        one.post(path, json={"price": 100 + n, "per": 1}, headers=cook.headers)
        for n, one in enumerate([client, replica, client, replica])
    ]

    assert [response.status_code for response in responses] == [201, 201, 201, 429]
    assert responses[3].json["type"] == "urn:hankki:problem:too-many-attempts"
    assert 0 < int(responses[3].headers["Retry-After"]) <= 3600
    assert [item["price"] for item in cook.get(path).json["items"]] == [100, 100, 101, 102]
    other = Cook(client, name="다른 사람")
    assert other.post(path, {"price": 103, "per": 1}).status_code == 201


@pytest.mark.usefixtures("few_reports")
def test_price_that_needs_confirmation_counts_once(cook: Cook) -> None:
    path = prices_of(cook.ingredient("g", 100, 1))

    statuses = [
        cook.post(path, {"price": price, "per": 1, "confirm": confirm}).status_code
        for price in (1_000, 10_000, 100_000, 1_000_000)
        for confirm in (False, True)
    ]

    assert statuses == [409, 201] * 3 + [409, 429]


@pytest.mark.usefixtures("few_reports")
def test_withdrawal_does_not_reduce_the_count_of_reports(cook: Cook) -> None:
    ingredient = cook.ingredient()
    for n in range(3):
        price = report(cook, ingredient, price=100 + n, per=1).json["id"]
        assert cook.delete(f"{prices_of(ingredient)}/{price}").status_code == 204

    assert cook.post(prices_of(ingredient), {"price": 105, "per": 1}).status_code == 429


@pytest.mark.usefixtures("few_reports")
def test_repeated_request_counts_as_one_report(cook: Cook) -> None:
    ingredient = cook.ingredient()
    headers = {**cook.headers, "Idempotency-Key": "one-press"}

    responses = [
        cook.client.post(prices_of(ingredient), json={"price": 110, "per": 1}, headers=headers)
        for _ in range(9)
    ]

    assert [response.status_code for response in responses] == [201] * 9


@pytest.mark.usefixtures("few_reports")
def test_ingredients_added_by_an_account_are_limited(cook: Cook) -> None:
    names = ["하나나물", "두나물", "세나물"]

    responses = [cook.post(INGREDIENTS, {"name": name, "unit": "g", "price": 1, "per": 1}) for name in names]

    assert [response.status_code for response in responses] == [201, 201, 429]


@pytest.mark.usefixtures("few_reports")
def test_prices_are_accepted_without_redis(cook: Cook, redis_server: RedisServer) -> None:
    ingredient = cook.ingredient()
    redis_server.stop()

    responses = [cook.post(prices_of(ingredient), {"price": 100 + n, "per": 1}) for n in range(5)]

    assert [response.status_code for response in responses] == [201] * 5
