"""The weight of a tablespoon of an ingredient: a cook sets it once."""

from __future__ import annotations

import pytest
from cooking import INGREDIENTS, Cook, walk
from werkzeug.test import TestResponse


def weigh(cook: Cook, ingredient: int, grams: object) -> TestResponse:
    return cook.put(f"{INGREDIENTS}/{ingredient}/tablespoon", {"grams": grams})


def test_weight_is_set_once_and_stays(cook: Cook) -> None:
    ingredient = cook.ingredient()
    assert cook.get(f"{INGREDIENTS}/{ingredient}").json["tablespoonGrams"] is None

    first = weigh(cook, ingredient, 7.125)

    assert first.status_code == 200
    assert first.json == cook.get(f"{INGREDIENTS}/{ingredient}").json
    assert first.json["tablespoonGrams"] == 7.125
    assert weigh(cook, ingredient, 7.125).status_code == 200
    other = weigh(Cook(cook.client), ingredient, 9)
    assert (other.status_code, other.json["tablespoonGrams"]) == (409, 7.125)
    assert other.json["type"] == "urn:hankki:problem:weight-known"
    assert weigh(cook, 999_999, 9).status_code == 404


@pytest.mark.parametrize("grams", [0, 0.999, -1, 60.001, 7.1234, "8", None, True])
def test_impossible_weight_is_refused(cook: Cook, grams: object) -> None:
    ingredient = cook.ingredient()

    response = weigh(cook, ingredient, grams)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json["errors"]] == ["#/grams"]
    assert cook.client.put(f"{INGREDIENTS}/{ingredient}/tablespoon", json={"grams": 8}).status_code == 401


def test_sample_ingredients_have_weights_of_a_cited_table(cook: Cook) -> None:
    """As cited in app/sample_data/ingredients.toml. Ingredients that the table lacks have no weight."""
    items = walk(cook, INGREDIENTS, limit=100)

    assert {item["name"]: item["tablespoonGrams"] for item in items if item["tablespoonGrams"]} == {
        "고춧가루": 8,
        "카레가루": 6.3,
        "후춧가루": 6.9,
        "소금": 18,
        "통깨": 8,
        "된장": 17,
        "다진 마늘": 8.4,
        "생강": 6,
        "설탕": 12.6,
        "쌀": 11.563,
        "부침가루": 7.813,
    }
