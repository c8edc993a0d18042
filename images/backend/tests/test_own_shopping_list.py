"""The shopping list of an account, on several devices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cooking import Cook
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PATH = "/api/v1/me/shopping-list"
STEW = {"id": 7, "title": "김치찌개", "servings": 2}
TOFU = {"ingredientId": 11, "quantity": 300.5, "unit": "g", "recipes": [7]}
EMPTY = {"version": 0, "recipes": [], "ticks": []}


def of(version: int, *recipes: dict[str, Any], ticks: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"version": version, "recipes": list(recipes), "ticks": list(ticks)}


def test_list_is_the_same_on_all_devices_of_the_account(client: FlaskClient, cook: Cook) -> None:
    assert cook.get(PATH).json == EMPTY

    response = cook.put(PATH, of(0, STEW, ticks=(TOFU,)))

    assert (response.status_code, response.json) == (200, of(1, STEW, ticks=(TOFU,)))
    assert cook.get(PATH).json == of(1, STEW, ticks=(TOFU,))
    assert Cook(client, name="다른 사람").get(PATH).json == EMPTY
    assert cook.put(PATH, of(1)).json == of(2)


def test_item_with_a_little_can_be_ticked(cook: Cook) -> None:
    ticked = of(0, STEW, ticks=({**TOFU, "quantity": 0},))

    assert cook.put(PATH, ticked).status_code == 200
    assert cook.get(PATH).json == {**ticked, "version": 1}


@pytest.mark.parametrize("version", [0, 1, 3, 2**31 - 2])
def test_change_based_on_an_older_version_is_refused(cook: Cook, version: int) -> None:
    cook.put(PATH, of(0, STEW))
    cook.put(PATH, of(1, STEW, ticks=(TOFU,)))

    refused = cook.put(PATH, of(version))

    assert (refused.status_code, refused.json["type"]) == (409, "urn:hankki:problem:shopping-list-changed")
    assert cook.get(PATH).json == of(2, STEW, ticks=(TOFU,))


def test_of_concurrent_changes_of_one_version_one_succeeds(client: FlaskClient, cook: Cook) -> None:
    app = client.application

    def put(servings: int) -> TestResponse:
        changed = of(0, {**STEW, "servings": servings})
        return app.test_client().put(PATH, json=changed, headers=cook.headers)

    with ThreadPoolExecutor(3) as pool:
        responses = list(pool.map(put, (1, 2, 3)))

    assert sorted(response.status_code for response in responses) == [200] + [409] * 2
    assert cook.get(PATH).json == next(response.json for response in responses if response.status_code == 200)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["#/recipes", "#/ticks", "#/version"]),
        (of(-1, {**STEW, "servings": 0}, ticks=({**TOFU, "unit": "cup", "recipes": []},)),
         ["#/recipes/0/servings", "#/ticks/0/recipes", "#/ticks/0/unit", "#/version"]),
        (of(0, STEW, STEW, ticks=(TOFU, TOFU)), ["#/recipes", "#/ticks"]),
        (of(0, *({**STEW, "id": number} for number in range(1, 32))), ["#/recipes"]),
        (of(0, {**STEW, "more": 1}), ["#/recipes/0/more"]),
    ],
)  # fmt: skip
def test_all_errors_are_reported(cook: Cook, body: dict[str, Any], pointers: list[str]) -> None:
    refused = cook.put(PATH, body)

    assert refused.status_code == 422
    assert sorted(error["pointer"] for error in refused.json["errors"]) == pointers
    assert cook.get(PATH).json == EMPTY


def test_export_needs_a_login(client: FlaskClient) -> None:
    assert client.get(PATH).status_code == 401
    assert client.put(PATH, json=of(0)).status_code == 401
