"""Adding, editing and deleting a user's recipes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from cooking import INGREDIENTS, RECIPES, Cook
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres

from app.recipes import write


def editable(recipe: dict) -> dict:
    """The body of an edit that changes nothing."""
    content = {key: recipe[key] for key in ("title", "summary", "servings", "cookMinutes", "tags", "steps")}
    keys = ("ingredientId", "quantity", "unit")
    lines = [{key: line[key] for key in keys} for line in recipe["ingredients"]]
    return {**content, "ingredients": lines, "version": recipe["version"]}


def test_new_recipe_can_be_read(cook: Cook) -> None:
    content = cook.content((200, "g", 1_650, 100), (2, "tbsp", 5_400, 900), tags=["국", "국", " 아침 "])

    response = cook.save(content)

    assert response.status_code == 201
    recipe = response.json
    assert response.headers["Location"] == f"{RECIPES}/{recipe['id']}"
    assert cook.get(response.headers["Location"]).json == recipe
    assert recipe["author"] == {"name": "김한끼"}
    assert recipe["version"] == 1
    assert recipe["tags"] == ["국", "아침"]
    assert recipe["totalCost"] == 3300 + 180
    assert editable(recipe) == {**content, "tags": ["국", "아침"], "version": 1}


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"title": " ", "servings": 0, "cookMinutes": 10081}, {"#/title", "#/servings", "#/cookMinutes"}),
        ({"servings": "2", "cookMinutes": 1.5}, {"#/servings", "#/cookMinutes"}),
        ({"servings": True, "cookMinutes": None}, {"#/servings", "#/cookMinutes"}),
        ({"tags": ["x" * 21, ""], "steps": []}, {"#/tags/0", "#/tags/1", "#/steps"}),
        ({"tags": ["태그"] * 11, "steps": ["a\0"]}, {"#/tags", "#/steps/0"}),
        ({"ingredients": []}, {"#/ingredients"}),
        (
            {"ingredients": [{"unit": "컵"}]},
            {"#/ingredients/0/ingredientId", "#/ingredients/0/quantity", "#/ingredients/0/unit"},
        ),
        ({"id": 7}, {"#/id"}),
    ],
)  # fmt: skip
def test_all_errors_of_an_invalid_recipe_are_reported(cook: Cook, change: dict, pointers: set) -> None:
    response = cook.save(cook.content(**change))

    assert response.status_code == 422
    assert {error["pointer"] for error in response.json["errors"]} == pointers


def test_lines_of_a_step_are_kept_with_any_line_ending(cook: Cook) -> None:
    recipe = cook.recipe(
        steps=["\t무를 썰고\r\n끓인다.\n", "가\n나", "가\r나\u2028다", " 가 \n\n\n\n 나 \u200b\n"]
    )

    assert recipe["steps"] == ["무를 썰고\n끓인다.", "가\n나", "가\n나\n다", "가\n\n나"]
    assert cook.get(f"{RECIPES}/{recipe['id']}").json["steps"] == recipe["steps"]


def test_edit_replaces_everything(cook: Cook) -> None:
    before = cook.recipe((1, "g", 100, 1), (2, "g", 100, 1))
    content = cook.content((3, "g", 200, 1), title="새 이름", servings=3, steps=["하나"])

    response = cook.put(f"{RECIPES}/{before['id']}", {**content, "version": 1})

    assert response.status_code == 200
    after = response.json
    assert editable(after) == {**content, "version": 2}
    assert after["costPerMeal"] == 200
    assert after["createdAt"] == before["createdAt"] < after["updatedAt"]
    assert cook.get(f"{RECIPES}/{before['id']}").json == after
    assert [item["id"] for item in cook.get(RECIPES, q="새 이름").json["items"]] == [before["id"]]


def test_edit_of_an_outdated_version_is_refused(cook: Cook) -> None:
    recipe = cook.recipe()
    path = f"{RECIPES}/{recipe['id']}"
    assert cook.put(path, {**editable(recipe), "title": "첫째"}).status_code == 200

    response = cook.put(path, {**editable(recipe), "title": "둘째"})

    assert response.status_code == 409
    assert response.json["type"] == "urn:hankki:problem:recipe-changed"
    assert cook.get(path).json["title"] == "첫째"


def test_repeated_edit_after_a_lost_response_is_no_conflict(cook: Cook) -> None:
    recipe = cook.recipe((1, "g", 100, 1), (0.5, "kg", 100, 1))
    path = f"{RECIPES}/{recipe['id']}"
    first, second = editable(recipe)["ingredients"]
    lines = [first, {**second, "quantity": 0, "unit": "little"}]
    edit = {**editable(recipe), "title": "첫째", "ingredients": lines}
    saved = cook.put(path, edit).json

    repeated = cook.put(path, edit)

    assert (repeated.status_code, repeated.json) == (200, saved)
    for change in (
        {"servings": 2},
        {"tags": []},
        {"steps": [*edit["steps"], "치운다."]},
        {"ingredients": lines[::-1]},
        {"ingredients": [{**first, "quantity": 2}, lines[1]]},
    ):
        assert cook.put(path, {**edit, **change}).status_code == 409, change
    assert cook.get(path).json == saved


def test_of_concurrent_edits_one_succeeds(app: Flask, cook: Cook) -> None:
    recipe = cook.recipe()

    def edit(title: str) -> int:
        body = {**editable(recipe), "title": title}
        return app.test_client().put(f"{RECIPES}/{recipe['id']}", json=body, headers=cook.headers).status_code

    with ThreadPoolExecutor(4) as threads:
        codes = sorted(threads.map(edit, ["하나", "둘", "셋", "넷"]))

    assert codes == [200, 409, 409, 409]


def test_costs_are_correct_after_concurrent_prices_and_edits(app: Flask, cook: Cook) -> None:
    """Transactions wait for each other without a deadlock."""
    shared = [cook.ingredient(price=100), cook.ingredient(price=100)]
    lines = [{"ingredientId": ingredient, "quantity": 1, "unit": "g"} for ingredient in shared]
    recipes = [cook.save({**cook.content(), "ingredients": lines}).json["id"] for _ in range(3)]

    def change_price(number: int) -> int:
        path = f"{INGREDIENTS}/{shared[number % 2]}/prices"
        return (
            app.test_client()
            .post(path, json={"price": 200 + number, "per": 1}, headers=cook.headers)
            .status_code
        )

    def edit(number: int) -> int:
        client = app.test_client()
        path = f"{RECIPES}/{recipes[number % 3]}"
        body = {**editable(client.get(path).json), "ingredients": lines[:: 1 if number % 2 else -1]}
        return client.put(path, json=body, headers=cook.headers).status_code

    with ThreadPoolExecutor(4) as threads:
        changes = [threads.submit(work, number) for number in range(12) for work in (change_price, edit)]
        codes = {change.result() for change in changes}

    assert codes <= {200, 201, 409}
    prices = sum(cook.get(f"{INGREDIENTS}/{ingredient}").json["price"] for ingredient in shared)
    listed = {item["id"]: item["costPerMeal"] for item in cook.get(RECIPES, limit=100).json["items"]}
    assert [listed[recipe] for recipe in recipes] == [prices] * 3


def test_deleted_recipe_leaves_no_rows(cook: Cook, postgres: Postgres, database: str) -> None:
    recipe = cook.recipe()
    path = f"{RECIPES}/{recipe['id']}"
    cook.put(f"/api/v1/me/favourites/{recipe['id']}")

    assert cook.delete(path).status_code == 204

    assert cook.get(path).status_code == 404
    assert cook.delete(path).status_code == 404
    for table in ("recipe_ingredients", "steps", "favourites"):
        [(left,)] = postgres.execute(
            f"SELECT count(*) FROM {table} WHERE recipe_id = {recipe['id']}", database
        )
        assert left == 0


def test_recipes_of_others_cannot_be_changed(client: FlaskClient, cook: Cook) -> None:
    other = Cook(client, name="다른 사람")
    recipe = cook.recipe()
    [sample] = [item for item in cook.get(RECIPES, q="김치찌개").json["items"] if item["title"] == "김치찌개"]
    body = editable(recipe)

    for user, recipe_id in ((other, recipe["id"]), (cook, sample["id"])):
        path = f"{RECIPES}/{recipe_id}"
        for response in (user.put(path, body), user.delete(path)):
            assert response.status_code == 403
            assert response.json["type"] == "urn:hankki:problem:not-yours"
    assert cook.get(f"{RECIPES}/{recipe['id']}").json == recipe
    assert cook.put(f"{RECIPES}/999999", body).status_code == 404


def test_writing_needs_a_login(client: FlaskClient) -> None:
    # Reported before any error of the body.
    for response in (
        client.post(RECIPES, json={}),
        client.put(f"{RECIPES}/1", json={}),
        client.delete(f"{RECIPES}/1"),
        client.post(INGREDIENTS, json={}),
        client.post(f"{INGREDIENTS}/1/prices", json={}),
        client.get("/api/v1/me/recipes"),
        client.get("/api/v1/me/favourites"),
        client.get("/api/v1/me/favourites/ids"),
        client.put("/api/v1/me/favourites/1"),
        client.delete("/api/v1/me/favourites/1"),
    ):
        assert response.status_code == 401


def test_recipes_of_a_deleted_account_are_deleted(cook: Cook, postgres: Postgres, database: str) -> None:
    recipe = cook.recipe()

    postgres.execute("DELETE FROM users", database)

    assert postgres.execute(f"SELECT 1 FROM recipes WHERE id = {recipe['id']}", database) == []


def test_recipe_of_an_account_deleted_meanwhile_is_refused(
    cook: Cook, postgres: Postgres, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = cook.content()
    fill = write._fill

    def fill_late(*arguments: object) -> None:
        postgres.execute("DELETE FROM users", database)
        fill(*arguments)

    monkeypatch.setattr(write, "_fill", fill_late)

    assert cook.save(content).status_code == 401
