"""Bodies under another media type, and whole numbers as clients write them."""

from __future__ import annotations

import json

import pytest
from cooking import INGREDIENTS, RECIPES, Cook
from flask.testing import FlaskClient

LOGIN = {"email": "kim@example.com", "password": "no such password"}


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""]
)
def test_body_of_another_media_type_is_refused(client: FlaskClient, media_type: str) -> None:
    response = client.post("/api/v1/auth/login", data=json.dumps(LOGIN), content_type=media_type)

    assert response.status_code == 415
    assert response.json["type"] == "urn:hankki:problem:unsupported-media-type"


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "application/merge-patch+json"]
)
def test_json_media_type_may_have_parameters(client: FlaskClient, media_type: str) -> None:
    response = client.post("/api/v1/auth/login", data=json.dumps(LOGIN), content_type=media_type)

    assert response.status_code == 401


def test_missing_body_reports_every_field(client: FlaskClient) -> None:
    response = client.post("/api/v1/auth/login")

    assert response.status_code == 422
    assert {error["pointer"] for error in response.json["errors"]} == {"#/email", "#/password"}


def test_whole_number_may_be_written_as_a_float(cook: Cook) -> None:
    content = cook.content()
    content["ingredients"][0]["ingredientId"] += 0.0

    recipe = cook.save({**content, "servings": 2.0, "cookMinutes": 1e1})

    assert recipe.status_code == 201, recipe.json
    assert (recipe.json["servings"], recipe.json["cookMinutes"]) == (2, 10)
    for servings in (2.5, "2", "2.0", True, None, 1e300, 0.0):
        assert cook.save({**content, "servings": servings}).status_code == 422, servings


@pytest.mark.parametrize("written", ["1_0", "１０", " 10", "+10", "1e1", "10.0", "0x10", "١٠"])  # noqa: RUF001
def test_number_in_a_query_has_digits_only(client: FlaskClient, written: str) -> None:
    for name in ("limit", "maxMinutes", "minCost", "maxCost", "ingredient"):
        response = client.get(RECIPES, query_string={name: written})
        assert response.status_code == 422, name
    assert client.get(RECIPES, query_string={"limit": "10"}).status_code == 200


@pytest.mark.parametrize("written", ["１", "١", "१", "𝟏", "1１", "1_0", "+1", " 1"])  # noqa: RUF001
def test_number_in_a_path_has_digits_only(cook: Cook, written: str) -> None:
    price = cook.get(f"{INGREDIENTS}/1/prices").json["items"][0]["id"]
    assert cook.get(f"{INGREDIENTS}/1/prices/{price}/moved-recipes").status_code == 200

    for path in (
        f"{RECIPES}/{written}",
        f"{RECIPES}/{written}/cost-history",
        f"{INGREDIENTS}/{written}",
        f"{INGREDIENTS}/{written}/prices",
        f"{INGREDIENTS}/1/prices/{written}/moved-recipes",
    ):
        assert cook.get(path).status_code == 404, path
    assert cook.put(f"/api/v1/me/favourites/{written}").status_code == 404
