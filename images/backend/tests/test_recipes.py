"""The list of recipes, its pages and search, and one recipe."""

from __future__ import annotations

import base64
import json
import unicodedata

import pytest
from flask.testing import FlaskClient
from servers import Postgres

LIST = "/api/v1/recipes"


def titles(client: FlaskClient, q: str) -> list[str]:
    response = client.get(LIST, query_string={"q": q, "limit": 100})
    assert response.status_code == 200
    return [item["title"] for item in response.json["items"]]


def walk(client: FlaskClient, limit: int) -> list[int]:
    ids, cursor = [], None
    while True:
        response = client.get(LIST, query_string={"limit": limit, **({"cursor": cursor} if cursor else {})})
        assert response.status_code == 200
        ids += [item["id"] for item in response.json["items"]]
        cursor = response.json["nextCursor"]
        if cursor is None:
            return ids


def test_list_shows_what_a_card_needs(client: FlaskClient) -> None:
    response = client.get(LIST)

    assert response.status_code == 200
    assert len(response.json["items"]) == 20
    item = response.json["items"][0]
    assert set(item) == {"id", "title", "summary", "servings", "cookMinutes", "costPerMeal"}
    assert all(type(item[key]) is int for key in ("id", "servings", "cookMinutes", "costPerMeal"))


@pytest.mark.parametrize("limit", [1, 7, 16, 100])
def test_pages_show_every_recipe_once(
    client: FlaskClient, postgres: Postgres, database: str, limit: int
) -> None:
    everything = [row[0] for row in postgres.execute("SELECT id FROM recipes ORDER BY id", database)]

    assert walk(client, limit) == everything


def test_page_does_not_shift_when_a_recipe_before_it_goes(
    client: FlaskClient, postgres: Postgres, database: str
) -> None:
    cursor = client.get(LIST, query_string={"limit": 5}).json["nextCursor"]
    second = {"limit": 5, "cursor": cursor}
    expected = client.get(LIST, query_string=second).json["items"]

    postgres.execute("DELETE FROM recipes WHERE id = (SELECT min(id) FROM recipes)", database)

    assert client.get(LIST, query_string=second).json["items"] == expected


def test_search_finds_a_part_of_the_title(client: FlaskClient) -> None:
    assert titles(client, "찌개") != []
    assert all("찌개" in title for title in titles(client, "찌개"))
    assert titles(client, " 김치찌개 ") == ["김치찌개"]
    assert titles(client, unicodedata.normalize("NFD", "김치찌개")) == ["김치찌개"]
    assert titles(client, "없는 요리") == []


def test_search_takes_signs_of_patterns_literally(
    client: FlaskClient, postgres: Postgres, database: str
) -> None:
    postgres.execute(
        "INSERT INTO recipes (title, summary, servings, cook_minutes) VALUES ('100% Bap_/\\', '', 1, 1)",
        database,
    )

    for q in ("%", "_", "\\", "/", "100% bap"):
        assert titles(client, q) == ["100% Bap_/\\"]


def test_search_has_pages_too(client: FlaskClient) -> None:
    everything = titles(client, "찌개")
    first = client.get(LIST, query_string={"q": "찌개", "limit": 2}).json
    second = client.get(LIST, query_string={"q": "찌개", "limit": 2, "cursor": first["nextCursor"]}).json

    assert [item["title"] for item in first["items"] + second["items"]] == everything[:4]


def test_recipe_has_its_ingredients_and_steps(client: FlaskClient) -> None:
    [item] = client.get(LIST, query_string={"q": "김치찌개"}).json["items"]

    response = client.get(f"{LIST}/{item['id']}")

    assert response.status_code == 200
    recipe = response.json
    assert {key: recipe[key] for key in item} == item
    assert set(recipe) == {*item, "ingredients", "steps"}
    assert recipe["ingredients"][0] == {"name": "신김치", "quantity": 300, "unit": "g", "cost": 2700}
    assert all(type(ingredient["cost"]) is int for ingredient in recipe["ingredients"])
    assert recipe["steps"][0].startswith("돼지고기와 김치를")
    assert len(recipe["steps"]) == 5


@pytest.mark.parametrize("recipe_id", ["0", "-1", "999999", str(2**63), str(2**200), "kimchi"])
def test_unknown_recipe_is_not_found(client: FlaskClient, recipe_id: str) -> None:
    response = client.get(f"{LIST}/{recipe_id}")

    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


def encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "한글", "AAAA", encoded({}), encoded([]), encoded(7), encoded({"after": "7"}),
        encoded({"after": True}), encoded({"after": 0}), encoded({"after": 2**63}), encoded({"after": 1.5}),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)  # fmt: skip
def test_made_up_cursor_is_refused(client: FlaskClient, cursor: str) -> None:
    response = client.get(LIST, query_string={"cursor": cursor})

    assert response.status_code == 422
    assert response.json["errors"] == [{"parameter": "cursor", "detail": "Not a cursor of this list."}]
