"""The list of recipes with its search, filters, orders and pages, and one recipe."""

from __future__ import annotations

import base64
import json
import unicodedata
from typing import Any

import pytest
from cooking import RECIPES, Cook, walk
from flask.testing import FlaskClient
from servers import Postgres

from app.recipes.search import MOST_TAGS

SUMMARY = {"id", "title", "summary", "servings", "cookMinutes", "costPerMeal", "tags", "author"}
ORDERS = {
    "newest": lambda item: -item["id"],
    "cheapest": lambda item: (item["costPerMeal"], item["id"]),
    "dearest": lambda item: (-item["costPerMeal"], -item["id"]),
    "quickest": lambda item: (item["cookMinutes"], item["id"]),
}


def find(client: FlaskClient, **arguments: Any) -> list[dict]:
    response = client.get(RECIPES, query_string={"limit": 100, **arguments})
    assert response.status_code == 200, response.json
    return response.json["items"]


def titles(client: FlaskClient, **arguments: Any) -> set[str]:
    return {item["title"] for item in find(client, **arguments)}


def test_list_has_the_fields_of_a_card(client: FlaskClient) -> None:
    response = client.get(RECIPES)

    assert response.status_code == 200
    assert len(response.json["items"]) == 20
    item = response.json["items"][0]
    assert set(item) == SUMMARY
    assert all(type(item[key]) is int for key in ("id", "servings", "cookMinutes", "costPerMeal"))
    assert item["author"] is None


@pytest.mark.parametrize("sort", [None, *ORDERS])
@pytest.mark.parametrize("limit", [1, 7, 16, 100])
def test_pages_show_every_recipe_once_and_in_order(cook: Cook, sort: str | None, limit: int) -> None:
    for _ in range(3):  # equals, which a page may end between
        cook.recipe(cookMinutes=30)

    items = walk(cook, RECIPES, limit=limit, **({"sort": sort} if sort else {}))

    assert len({item["id"] for item in items}) == len(items) >= 35
    assert items == sorted(items, key=ORDERS[sort or "newest"])


@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"q": "찌개"},
        {"q": "찌개", "sort": "cheapest"},
        {"q": "우주식"},
        {"tag": "국"},
        {"ingredient": 1},
        {"minCost": 2000, "maxCost": 3000},
        {"q": "국", "maxMinutes": 40, "maxCost": 4000},
    ],
)
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_first_page_has_the_total_number_of_recipes(cook: Cook, narrowed: dict[str, Any], limit: int) -> None:
    everything = walk(cook, RECIPES, **narrowed)

    first = cook.get(RECIPES, limit=limit, **narrowed).json

    assert first["total"] == len(everything)
    if first["nextCursor"]:
        second = cook.get(RECIPES, limit=limit, cursor=first["nextCursor"], **narrowed).json
        assert "total" not in second, "counting again costs time and may not fit the pages before"


def test_total_follows_added_and_deleted_recipes(cook: Cook) -> None:
    before = cook.get(RECIPES).json["total"]
    own = cook.recipe()
    assert cook.get(RECIPES).json["total"] == before + 1
    cook.delete(f"{RECIPES}/{own['id']}")
    assert cook.get(RECIPES).json["total"] == before


def test_page_does_not_shift_when_an_earlier_recipe_is_added_or_deleted(cook: Cook) -> None:
    own = cook.recipe()
    cursor = cook.get(RECIPES, limit=5).json["nextCursor"]
    expected = cook.get(RECIPES, limit=5, cursor=cursor).json["items"]

    cook.delete(f"{RECIPES}/{own['id']}")
    cook.recipe()

    assert cook.get(RECIPES, limit=5, cursor=cursor).json["items"] == expected


def test_search_finds_a_part_of_a_word(client: FlaskClient) -> None:
    assert {"김치찌개", "된장찌개"} <= titles(client, q="찌개")
    assert "김치찌개" in titles(client, q=" 김치찌개 ")
    assert "김치찌개" in titles(client, q=unicodedata.normalize("NFD", "김치찌개"))
    assert titles(client, q="없는 요리") == set()


def test_search_finds_recipes_with_all_words_in_any_field(client: FlaskClient, cook: Cook) -> None:
    name = cook.ingredient(name="달래")
    cook.save(
        cook.content(title="봄나물 비빔", summary="향긋한 한 그릇", tags=["Spring"])
        | {"ingredients": [{"ingredientId": name, "quantity": 1, "unit": "g"}]}
    )

    for q in ("봄나물", "나물", "향긋", "spring", "SPRING", "달래", "그릇 달래 비빔 spring"):
        assert "봄나물 비빔" in titles(client, q=q), q
    assert titles(client, q="달래 김치찌개") == set()


def test_special_characters_of_a_search_are_literal(client: FlaskClient, cook: Cook) -> None:
    cook.recipe(title="100% Bap_/\\")

    for q in ("%", "_", "\\", "/", "100% bap"):
        assert titles(client, q=q) == {"100% Bap_/\\"}


def test_search_is_paginated(client: FlaskClient, cook: Cook) -> None:
    assert walk(cook, RECIPES, q="찌개", limit=2) == find(client, q="찌개")


def test_filters_are_combined_with_and(client: FlaskClient) -> None:
    everything = find(client)
    cost = sorted(item["costPerMeal"] for item in everything)[10]

    assert find(client, tag="찌개") == [item for item in everything if "찌개" in item["tags"]]
    assert find(client, maxMinutes=20) == [item for item in everything if item["cookMinutes"] <= 20]
    assert find(client, maxCost=cost) == [item for item in everything if item["costPerMeal"] <= cost]
    assert find(client, minCost=cost) == [item for item in everything if item["costPerMeal"] >= cost]
    both = find(client, tag="매운맛", maxMinutes=30, sort="cheapest")
    assert both
    assert both == sorted(
        (item for item in everything if "매운맛" in item["tags"] and item["cookMinutes"] <= 30),
        key=ORDERS["cheapest"],
    )
    assert find(client, tag="없는 태그") == []


def test_filter_by_several_ingredients_requires_all_of_them(client: FlaskClient) -> None:
    names = ("두부", "대파")
    ids = [
        client.get("/api/v1/ingredients", query_string={"q": name}).json["items"][0]["id"] for name in names
    ]
    expected = {
        item["title"]
        for item in find(client)
        if set(names) <= {line["name"] for line in client.get(f"{RECIPES}/{item['id']}").json["ingredients"]}
    }

    assert expected
    assert titles(client, ingredient=ids) == expected
    assert titles(client, ingredient=[*ids, 999_999]) == set()


def test_recipe_has_its_ingredients_and_steps(client: FlaskClient) -> None:
    [item] = [item for item in find(client, q="김치찌개") if item["title"] == "김치찌개"]

    response = client.get(f"{RECIPES}/{item['id']}")

    assert response.status_code == 200
    recipe = response.json
    assert {key: recipe[key] for key in item} == item
    added = {"authorId", "version", "createdAt", "updatedAt", "totalCost", "ingredients", "steps"}
    assert set(recipe) == SUMMARY | added
    line = recipe["ingredients"][0]
    assert line == {
        "ingredientId": line["ingredientId"],
        "name": "신김치",
        "quantity": 300,
        "unit": "g",
        "cost": 2700,
        "price": 9000,
        "per": 1000,
        "priceUnit": "g",
        "tablespoonGrams": None,
    }
    assert recipe["steps"][0].startswith("돼지고기와 김치를")
    assert len(recipe["steps"]) == 5


def test_unchanged_recipe_is_answered_with_304(client: FlaskClient) -> None:
    path = f"{RECIPES}/{find(client)[0]['id']}"
    etag = client.get(path).headers["ETag"]

    response = client.get(path, headers={"If-None-Match": etag})

    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("recipe_id", ["0", "-1", "999999", str(2**63), str(2**200), "kimchi"])
def test_unknown_recipe_is_not_found(client: FlaskClient, recipe_id: str) -> None:
    response = client.get(f"{RECIPES}/{recipe_id}")

    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


def test_tags_are_counted(client: FlaskClient) -> None:
    counts = {item["name"]: item["count"] for item in client.get("/api/v1/tags").json["items"]}

    assert counts["찌개"] == len(find(client, tag="찌개"))
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_only_the_most_frequent_tags_are_listed(
    client: FlaskClient, postgres: Postgres, database: str
) -> None:
    postgres.execute(
        "INSERT INTO recipes (title, summary, servings, cook_minutes, tags)"
        " SELECT '요리', '', 2, 10, ARRAY['once ' || number, 'often'] FROM generate_series(1, 1000) number",
        database,
    )

    tags = client.get("/api/v1/tags").json["items"]

    assert len(tags) == MOST_TAGS
    assert tags[0] == {"name": "often", "count": 1000}
    assert "찌개" in [tag["name"] for tag in tags]
    assert client.get(RECIPES, query_string={"tag": "once 999"}).json["total"] == 1  # still a filter


def encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "한글", "AAAA", encoded({}), encoded([]), encoded(7), encoded({"newest": 7}),
        encoded("newest"), encoded(["newest"]), encoded(["newest", "7"]), encoded(["newest", True]),
        encoded(["newest", -1]), encoded(["newest", 2**63]), encoded(["newest", 1.5]),
        encoded(["newest", 1, 2]), encoded(["newest", None]), encoded([["newest"], 1]),
        encoded(["oldest", 1]), encoded(["name", "a\0"]), encoded(["name", "\ud800"]),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)  # fmt: skip
def test_invalid_cursor_is_refused(client: FlaskClient, cursor: str) -> None:
    for path in (RECIPES, "/api/v1/ingredients"):
        response = client.get(path, query_string={"cursor": cursor})

        assert response.status_code == 422
        assert response.json["errors"] == [{"parameter": "cursor", "detail": "Not a cursor of this list."}]


def test_cursor_belongs_to_its_order(client: FlaskClient) -> None:
    cursor = client.get(RECIPES, query_string={"sort": "cheapest", "limit": 1}).json["nextCursor"]

    for sort, status in (("cheapest", 200), ("dearest", 422), ("quickest", 422), ("newest", 422)):
        response = client.get(RECIPES, query_string={"sort": sort, "cursor": cursor})
        assert response.status_code == status, sort
