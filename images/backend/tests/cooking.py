"""A cook with an account, for tests that write recipes through the API."""

from __future__ import annotations

import itertools
from typing import Any

from accounts import bearer, login, signup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

RECIPES = "/api/v1/recipes"
INGREDIENTS = "/api/v1/ingredients"
_numbers = itertools.count(1)

# (quantity, unit, price, per): a quantity of an ingredient that costs `price` won for `per` base units.
Line = tuple[float, str, int, float]


class Cook:
    def __init__(self, client: FlaskClient, name: str = "김한끼") -> None:
        self.client = client
        email = f"cook-{next(_numbers)}@example.com"
        assert signup(client, email=email, name=name).status_code == 201
        self.headers = bearer(login(client, email=email))

    def get(self, path: str, **arguments: Any) -> TestResponse:
        # Buffered: the response ends when it has been read, as with a real client.
        return self.client.get(path, headers=self.headers, query_string=arguments, buffered=True)

    def post(self, path: str, body: object) -> TestResponse:
        return self.client.post(path, json=body, headers=self.headers)

    def put(self, path: str, body: object = None) -> TestResponse:
        return self.client.put(path, json=body, headers=self.headers)

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(path, headers=self.headers)

    def ingredient(self, unit: str = "g", price: int = 100, per: float = 1, name: str | None = None) -> int:
        name = name or f"재료 {next(_numbers)}"
        response = self.post(INGREDIENTS, {"name": name, "unit": unit, "price": price, "per": per})
        assert response.status_code == 201, response.json
        return response.json["id"]

    def content(self, *lines: Line, **changes: Any) -> dict[str, Any]:
        """The body of a new recipe, whose ingredients are made for it."""
        bases = {"kg": "g", "l": "ml", "tsp": "ml", "tbsp": "ml"}
        return {
            "title": "시험 요리",
            "summary": "시험해 본다",
            "servings": 1,
            "cookMinutes": 10,
            "tags": ["시험"],
            "ingredients": [
                {
                    "ingredientId": self.ingredient(bases.get(unit, unit), price, per),
                    "quantity": quantity,
                    "unit": unit,
                }
                for quantity, unit, price, per in lines or [(1, "g", 100, 1)]
            ],
            "steps": ["끓인다.", "먹는다."],
            **changes,
        }

    def save(self, content: dict[str, Any]) -> TestResponse:
        return self.post(RECIPES, content)

    def recipe(self, *lines: Line, **changes: Any) -> dict[str, Any]:
        response = self.save(self.content(*lines, **changes))
        assert response.status_code == 201, response.json
        return response.json


def walk(cook: Cook, path: str, **arguments: Any) -> list[dict[str, Any]]:
    """The items of all pages of a list."""
    items: list[dict[str, Any]] = []
    while True:
        response = cook.get(path, **arguments)
        assert response.status_code == 200, response.json
        items += response.json["items"]
        arguments["cursor"] = response.json["nextCursor"]
        if arguments["cursor"] is None:
            return items
