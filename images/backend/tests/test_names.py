"""Spellings of one name are one ingredient, and a search finds it before its name is complete."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from cooking import INGREDIENTS, RECIPES, Cook, walk
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from servers import Postgres


def found(client: FlaskClient, path: str, q: str, **arguments: object) -> list[str]:
    response = client.get(path, query_string={"q": q, "limit": 100, **arguments})
    assert response.status_code == 200, response.json
    return [item.get("title") or item["name"] for item in response.json["items"]]


SPELLINGS = [
    "다진마늘",
    "다진  마늘",
    "다진\u00a0마늘",
    "다진\u3000마늘",
    "다진\u200b마늘",
    "다진\u3164마늘",
    " 다진 마늘\ufeff",
    unicodedata.normalize("NFD", "다진 마늘"),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_finds_the_ingredient_and_cannot_be_added_again(cook: Cook, spelling: str) -> None:
    assert "다진 마늘" in found(cook.client, INGREDIENTS, spelling)
    assert "김치찌개" in found(cook.client, RECIPES, spelling)

    response = cook.post(INGREDIENTS, {"name": spelling, "unit": "g", "price": 1, "per": 1})

    assert response.status_code == 409
    assert response.json["type"] == "urn:hankki:problem:ingredient-exists"
    assert response.json["ingredient"]["name"] == "다진 마늘"
    assert cook.get(f"{INGREDIENTS}/{response.json['ingredient']['id']}").json["name"] == "다진 마늘"


def test_case_and_width_do_not_distinguish_ingredients(cook: Cook) -> None:
    cook.ingredient(name="MSG 조미료")

    assert found(cook.client, INGREDIENTS, "ｍｓｇ조미료") == ["MSG 조미료"]
    body = {"name": "msg\u2002조미료", "unit": "g", "price": 1, "per": 1}
    assert cook.post(INGREDIENTS, body).status_code == 409


def test_alias_finds_the_ingredient_and_its_recipes(cook: Cook) -> None:
    [egg] = [item for item in cook.get(INGREDIENTS, q="계란").json["items"] if item["name"] == "달걀"]
    assert egg["aliases"] == ["계란"]
    with_egg = set(found(cook.client, RECIPES, "", ingredient=egg["id"]))
    assert {"계란찜", "김밥"} <= with_egg
    assert with_egg <= set(found(cook.client, RECIPES, "계란"))

    response = cook.post(INGREDIENTS, {"name": "계 란", "unit": "g", "price": 1, "per": 1})

    assert response.status_code == 409
    assert response.json["ingredient"] == {"id": egg["id"], "name": "달걀"}


def test_of_concurrently_added_spellings_only_one_is_stored(app: Flask, cook: Cook) -> None:
    def add(name: str) -> int:
        body = {"name": name, "unit": "g", "price": 1, "per": 1}
        return app.test_client().post(INGREDIENTS, json=body, headers=cook.headers).status_code

    with ThreadPoolExecutor(4) as threads:
        codes = sorted(threads.map(add, ["새 재료", "새재료", "새  재료", "새\u00a0재료"]))

    assert codes == [201, 409, 409, 409]


@pytest.mark.parametrize("typed", ["ㄷ", "두", "둡", "두부", "ㄷㅂ", "두ㅂ"])
def test_unfinished_word_finds_all_results_of_the_word(client: FlaskClient, typed: str) -> None:
    for path in (INGREDIENTS, RECIPES):
        assert set(found(client, path, "두부")) <= set(found(client, path, typed)), path


def test_initials_and_a_common_misspelling_find_a_recipe(client: FlaskClient) -> None:
    for typed in ("ㄱㅊㅉㄱ", "ㄱㅊ ㅉㄱ", "김치찌게", "김치 찌게", "김치찍"):
        assert "김치찌개" in found(client, RECIPES, typed), typed
    assert found(client, RECIPES, "ㅎㅎㅎㅎㅎ") == []


@pytest.mark.parametrize("path", ["/api/v1/recipes", "/api/v1/ingredients"])
@pytest.mark.parametrize("q", [None, "", " ", "\u3164"])
def test_best_match_without_a_search_returns_the_whole_list(
    client: FlaskClient, path: str, q: str | None
) -> None:
    response = client.get(path, query_string={"sort": "best", **({} if q is None else {"q": q})})
    assert response.status_code == 200
    assert response.json["items"]


def test_best_match_is_first(client: FlaskClient, cook: Cook) -> None:
    assert found(client, INGREDIENTS, "두부")[:2] == ["두부", "순두부"]
    assert found(client, INGREDIENTS, "무")[0] == "무"
    assert found(client, RECIPES, "두부")[0] == "두부조림"
    cook.recipe(title="순두부 두부조림 모둠")
    assert found(client, RECIPES, "두부조림")[:2] == ["두부조림", "순두부 두부조림 모둠"]
    newest = found(client, RECIPES, "두부", sort="newest")
    assert newest[0] == "순두부 두부조림 모둠"
    assert sorted(newest) == sorted(found(client, RECIPES, "두부"))


@pytest.mark.parametrize(("path", "former"), [(RECIPES, {"sort": "newest"}), (INGREDIENTS, {})])
def test_pages_of_a_search_contain_all_results_in_order(
    client: FlaskClient, cook: Cook, path: str, former: dict[str, str]
) -> None:
    whole = [item["id"] for item in client.get(path, query_string={"q": "ㅇ", "limit": 100}).json["items"]]

    assert len(whole) > 5
    assert [item["id"] for item in walk(cook, path, q="ㅇ", limit=2)] == whole
    # A search whose first page a pod of the previous version served keeps that order.
    first = client.get(path, query_string={"limit": 1}).json
    rest = {"q": "ㅇ", "cursor": first["nextCursor"], "limit": 100}
    ids = [item["id"] for item in client.get(path, query_string=rest).json["items"]]
    in_order = [item["id"] for item in walk(cook, path, limit=100, **former)]
    assert ids == [one for one in in_order[1:] if one in whole]
    assert ids != [one for one in whole if one in ids]


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "[", "(", "*", "^", "$", "\\d", "a|b", "***:", "가" * 100, "ㄱ" * 100]
)
def test_special_characters_are_literal(client: FlaskClient, typed: str) -> None:
    for path in (INGREDIENTS, RECIPES):
        assert found(client, path, typed) == []


INVISIBLE = ["\u3164", "\u200b", "\uffa0\u115f", "\u2800", "\u00ad\ufeff", "\u200d\ufe0f", "\u0301", "\u3000"]


@pytest.mark.parametrize("text", INVISIBLE)
def test_invisible_text_is_refused_as_a_name_and_a_title(cook: Cook, text: str) -> None:
    body = {"name": text, "unit": "g", "price": 1, "per": 1}
    assert [error["pointer"] for error in cook.post(INGREDIENTS, body).json["errors"]] == ["#/name"]
    recipe = cook.save(cook.content(title=text, tags=[text], steps=[text]))
    assert {error["pointer"] for error in recipe.json["errors"]} == {"#/title", "#/tags/0", "#/steps/0"}
    signup = {"email": "invisible@example.com", "password": "long enough", "name": text}
    refused = cook.client.post("/api/v1/auth/signup", json=signup)
    assert [error["pointer"] for error in refused.json["errors"]] == ["#/name"]
    assert cook.client.patch("/api/v1/me", json={"name": text}, headers=cook.headers).status_code == 422


def test_invisible_characters_are_removed_and_emoji_are_unchanged(cook: Cook) -> None:
    recipe = cook.recipe(title="\u202e두\u200b부\u3164조림 👩\u200d🍳❤\ufe0f")

    assert recipe["title"] == "두부 조림 👩\u200d🍳❤\ufe0f"


def test_migration_keeps_existing_duplicates(
    app: Flask, client: FlaskClient, postgres: Postgres, database: str
) -> None:
    with app.app_context():
        downgrade(revision="0002")
    # The previous version allowed these names.
    postgres.execute(
        "INSERT INTO ingredients (name, unit, price_per_unit) VALUES"
        " ('다진마늘', 'g', 1), ('다진  마늘', 'piece', 1), (U&'\\3164', 'g', 1);"
        "INSERT INTO ingredient_prices (ingredient_id, price, per)"
        " SELECT id, 1, 1 FROM ingredients WHERE name LIKE '다진%마늘' OR name = U&'\\3164'",
        database,
    )

    with app.app_context():
        upgrade()
    assert app.test_cli_runner().invoke(args=["release"]).exit_code == 0

    # The oldest ingredient owns the name, and the others still exist.
    named = "SELECT name FROM ingredient_names WHERE canonical = '다진마늘'"
    assert postgres.execute(named, database) == [("다진 마늘",)]
    assert {"다진 마늘", "다진마늘", "다진  마늘"} <= set(found(client, INGREDIENTS, "다진 마늘"))


def test_release_adds_names_of_ingredients_of_the_previous_version(
    app: Flask, client: FlaskClient, postgres: Postgres, database: str
) -> None:
    postgres.execute(
        "INSERT INTO ingredients (name, unit, price_per_unit) VALUES ('Old  Salt', 'g', 1);"
        "INSERT INTO ingredient_prices (ingredient_id, price, per)"
        " SELECT id, 1, 1 FROM ingredients WHERE name = 'Old  Salt';"
        "UPDATE recipes SET search_text = lower(title || E'\\n' || summary || E'\\n다진 마늘')"
        " WHERE title = '김치찌개'",
        database,
    )
    # Before the release, a search finds each by its words.
    assert found(client, INGREDIENTS, "old salt") == ["Old  Salt"]
    assert "김치찌개" in found(client, RECIPES, "김치 마늘")

    assert app.test_cli_runner().invoke(args=["release"]).exit_code == 0

    assert found(client, INGREDIENTS, "oldsalt") == ["Old  Salt"]
    assert "김치찌개" in found(client, RECIPES, "다진마늘 김치")
