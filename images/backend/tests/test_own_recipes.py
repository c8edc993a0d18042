"""The recipes and favourites of the logged-in user."""

from __future__ import annotations

from cooking import RECIPES, Cook, walk
from flask.testing import FlaskClient

OWN = "/api/v1/me/recipes"
FAVOURITES = "/api/v1/me/favourites"


def ids(cook: Cook, path: str, **arguments: int) -> list[int]:
    return [item["id"] for item in walk(cook, path, **arguments)]


def test_own_recipes_are_listed_newest_first_without_recipes_of_others(
    client: FlaskClient, cook: Cook
) -> None:
    other = Cook(client, name="다른 사람")
    own = [cook.recipe()["id"] for _ in range(5)]
    theirs = [other.recipe()["id"]]

    assert ids(cook, OWN, limit=2) == own[::-1]
    assert ids(other, OWN) == theirs


def test_favourites_are_listed_last_added_first(client: FlaskClient, cook: Cook) -> None:
    some = [item["id"] for item in cook.get(RECIPES, limit=5).json["items"]]
    chosen = [some[3], some[0], some[4], some[1]]

    for recipe_id in chosen:
        assert cook.put(f"{FAVOURITES}/{recipe_id}").status_code == 204

    assert ids(cook, FAVOURITES, limit=2) == chosen[::-1]
    assert cook.get(f"{FAVOURITES}/ids").json["ids"] == chosen[::-1]
    assert Cook(client, name="다른 사람").get(f"{FAVOURITES}/ids").json["ids"] == []


def test_adding_and_removing_a_favourite_twice_has_the_effect_of_once(cook: Cook) -> None:
    first, second = (item["id"] for item in cook.get(RECIPES, limit=2).json["items"])

    for recipe_id in (first, second, first):
        assert cook.put(f"{FAVOURITES}/{recipe_id}").status_code == 204
    assert ids(cook, FAVOURITES) == [second, first]

    for _ in range(2):
        assert cook.delete(f"{FAVOURITES}/{first}").status_code == 204
    assert ids(cook, FAVOURITES) == [second]


def test_unknown_recipe_can_be_removed_from_favourites_but_not_added(cook: Cook) -> None:
    assert cook.put(f"{FAVOURITES}/999999").status_code == 404
    assert cook.delete(f"{FAVOURITES}/999999").status_code == 204
    assert cook.get(f"{FAVOURITES}/ids").json["ids"] == []
