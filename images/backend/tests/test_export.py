"""Export of the data of an account."""

from __future__ import annotations

from cooking import RECIPES, Cook
from flask.testing import FlaskClient

PATH = "/api/v1/me/export"


def test_export_has_all_data_of_the_account_and_no_other_data(client: FlaskClient, cook: Cook) -> None:
    other = Cook(client, name="다른 사람")
    own = [cook.recipe(title=title, steps=["썬다.\n끓인다."]) for title in ("첫째", "둘째")]
    theirs = other.recipe(title="남의 것")
    cook.put(f"/api/v1/me/favourites/{theirs['id']}")
    chosen = {"id": theirs["id"], "title": "남의 것", "servings": 3}
    cook.put("/api/v1/me/shopping-list", {"version": 0, "recipes": [chosen], "ticks": []})

    answer = cook.get(PATH)

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="hankki.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    account = answer.json["account"]
    assert {key: account[key] for key in ("id", "email", "name")} == cook.get("/api/v1/me").json
    assert answer.json["recipes"] == [cook.get(f"{RECIPES}/{recipe['id']}").json for recipe in own]
    assert answer.json["favourites"] == [{"id": theirs["id"], "title": "남의 것"}]
    assert answer.json["shoppingList"] == {"version": 1, "recipes": [chosen], "ticks": []}
    assert "password" not in answer.text
    # An exported recipe can be sent back unchanged.
    fields = ("title", "summary", "servings", "cookMinutes", "tags", "steps")
    lines = [
        {key: line[key] for key in ("ingredientId", "quantity", "unit")} for line in own[0]["ingredients"]
    ]
    again = {**{key: answer.json["recipes"][0][key] for key in fields}, "ingredients": lines}
    assert cook.save(again).status_code == 201


def test_export_of_a_new_account(cook: Cook) -> None:
    empty = {
        "recipes": [],
        "favourites": [],
        "prices": [],
        "shoppingList": {"version": 0, "recipes": [], "ticks": []},
    }

    answer = cook.get(PATH).json

    assert {key: answer[key] for key in empty} == empty


def test_export_needs_a_login(client: FlaskClient) -> None:
    assert client.get(PATH).status_code == 401
