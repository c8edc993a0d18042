"""The shopping list."""

from __future__ import annotations

import pytest
from cooking import Cook
from flask.testing import FlaskClient

PATH = "/api/v1/shopping-list"


def test_quantities_are_scaled_and_added_up_in_base_units(client: FlaskClient, cook: Cook) -> None:
    oil, tofu = (
        cook.ingredient("ml", 900, 90, name="가 기름"),
        cook.ingredient("g", 1000, 300, name="나 두부"),
    )
    content = cook.content(servings=2)
    first = cook.save(
        {**content, "ingredients": [
            {"ingredientId": oil, "quantity": 2, "unit": "tbsp"},
            {"ingredientId": tofu, "quantity": 0.3, "unit": "kg"},
        ]}
    ).json  # fmt: skip
    second = cook.save(
        {**content, "servings": 3, "ingredients": [{"ingredientId": oil, "quantity": 0.1, "unit": "l"}]}
    ).json

    response = client.get(PATH, query_string={"recipe": [f"{first['id']}:3", f"{second['id']}:1"]})

    assert response.status_code == 200
    assert response.json == {
        "recipes": [
            {"id": first["id"], "title": first["title"], "servings": 3, "cost": 1950},
            {"id": second["id"], "title": second["title"], "servings": 1, "cost": 333},
        ],
        "items": [
            {
                "ingredientId": oil,
                "name": "가 기름",
                "quantity": 78.333,
                "unit": "ml",
                "cost": 783,
                "recipes": [first["id"], second["id"]],
                "price": 900,
                "per": 90,
                "packs": 1,
                "aLittle": False,
                "aisle": None,
            },
            {
                "ingredientId": tofu,
                "name": "나 두부",
                "quantity": 450,
                "unit": "g",
                "cost": 1500,
                "recipes": [first["id"]],
                "price": 1000,
                "per": 300,
                "packs": 2,
                "aLittle": False,
                "aisle": None,
            },
        ],
        "total": 2283,
        "packsTotal": 2900,
    }


@pytest.mark.parametrize(
    ("quantity", "per", "servings", "packs"),
    [
        (300, 300, 1, 1),
        (300, 300, 2, 2),
        (300.001, 300, 1, 2),
        (0.001, 300, 1, 1),
        (0.7, 0.1, 1, 7),
        (1, 0.3, 3, 10),
    ],
)
def test_whole_packs_are_bought(cook: Cook, quantity: float, per: float, servings: int, packs: int) -> None:
    recipe = cook.recipe((quantity, "g", 1000, per))

    bought = cook.get(PATH, recipe=f"{recipe['id']}:{servings}").json

    [item] = bought["items"]
    assert (item["price"], item["per"], item["packs"]) == (1000, per, packs)
    assert bought["packsTotal"] == 1000 * packs


def test_packs_are_counted_for_all_recipes_together(cook: Cook) -> None:
    tofu = cook.ingredient("g", 1000, 300)
    halves = [{**cook.content(), "ingredients": [{"ingredientId": tofu, "quantity": 150, "unit": "g"}]}] * 2
    recipes = [cook.save(content).json["id"] for content in halves]

    bought = cook.get(PATH, recipe=[f"{recipe}:1" for recipe in recipes]).json

    assert ([item["packs"] for item in bought["items"]], bought["packsTotal"]) == ([1], 1000)


def test_all_unknown_recipes_are_reported(client: FlaskClient, cook: Cook) -> None:
    recipe = cook.recipe()

    response = client.get(PATH, query_string={"recipe": ["999999:1", f"{recipe['id']}:1", "888888:2"]})

    assert response.status_code == 404
    assert response.json["ids"] == [888888, 999999]


@pytest.mark.parametrize(
    "choice", ["", "1", "1:", ":1", "1:0", "1:101", "0:1", "a:1", "1:2:3", "1:٣", f"{2**63}:1"]
)
def test_choice_must_be_a_recipe_and_servings(client: FlaskClient, choice: str) -> None:
    response = client.get(PATH, query_string={"recipe": choice})

    assert response.status_code == 422
    assert response.json["errors"][0]["parameter"] == "recipe.0"


@pytest.mark.parametrize("choices", [[], ["1:1"] * 31])
def test_number_of_choices_is_bounded(client: FlaskClient, choices: list[str]) -> None:
    assert client.get(PATH, query_string={"recipe": choices}).status_code == 422
