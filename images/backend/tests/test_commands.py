"""Commands for operators."""

from __future__ import annotations

import re

import pytest
from accounts import login, signup
from click.testing import Result
from cooking import INGREDIENTS, RECIPES, Cook
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres

from app import ingredient_names


@pytest.fixture
def run(app: Flask):
    def run(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=list(arguments))

    return run


def recipe_of(cook: Cook, *ingredients: int, **changes: object) -> dict:
    lines = [{"ingredientId": one, "quantity": 10, "unit": "g"} for one in ingredients]
    response = cook.save({**cook.content(**changes), "ingredients": lines})
    assert response.status_code == 201, response.json
    return response.json


def added_by_the_previous_version(postgres: Postgres, database: str, name: str, unit: str = "g") -> int:
    """The id of an ingredient without a row in the table of names."""
    [[added]] = postgres.execute(
        f"INSERT INTO ingredients (name, unit, price_per_unit) VALUES ('{name}', '{unit}', 1) RETURNING id",
        database,
    )
    postgres.execute(
        f"INSERT INTO ingredient_prices (ingredient_id, price, per) VALUES ({added}, 1, 1)", database
    )
    return added


def test_merged_ingredients_are_merged_in_recipes_prices_lists_and_searches(cook: Cook, run) -> None:
    kept, gone, also = (cook.ingredient(price=price, name=name) for price, name in
                        ((100, "파래김"), (300, "돌김"), (200, "곱창김")))  # fmt: skip
    recipe = recipe_of(cook, kept, gone, title="김 두 가지")
    # Every pod caches responses: the merge must invalidate them.
    assert cook.get(f"{RECIPES}/{recipe['id']}").json["totalCost"] == 4000

    result = run("ingredients", "merge", "파래김", str(gone), "곱창 김")

    assert result.exit_code == 0, result.output
    after = cook.get(f"{RECIPES}/{recipe['id']}").json
    assert [line["ingredientId"] for line in after["ingredients"]] == [kept, kept]
    # The latest price of all three is the current one.
    assert (after["totalCost"], after["version"]) == (4000, recipe["version"] + 1)
    assert [item["price"] for item in cook.get(f"{INGREDIENTS}/{kept}/prices").json["items"]] == [
        100,
        300,
        200,
    ]
    assert (
        cook.get(f"{INGREDIENTS}/{gone}").status_code == cook.get(f"{INGREDIENTS}/{also}").status_code == 404
    )
    [item] = cook.get("/api/v1/shopping-list", recipe=f"{recipe['id']}:1").json["items"]
    assert (item["ingredientId"], item["quantity"], item["cost"]) == (kept, 20, 4000)
    for name in ("돌김", "곱창 김"):
        assert [item["id"] for item in cook.get(INGREDIENTS, q=name).json["items"]] == [kept]
        assert recipe["id"] in [item["id"] for item in cook.get(RECIPES, q=name).json["items"]]
        assert cook.post(INGREDIENTS, {"name": name, "unit": "g", "price": 1, "per": 1}).status_code == 409
    listed = {item["id"]: item["costPerMeal"] for item in cook.get(RECIPES).json["items"]}
    assert listed[recipe["id"]] == after["costPerMeal"]


def test_ingredient_that_is_given_twice_is_merged_and_counted_once(cook: Cook, run) -> None:
    cook.ingredient(name="들깻가루")
    cook.ingredient(name="들깨가루")

    result = run("ingredients", "merge", "들깻가루", "들깨가루", "들깨 가루")

    assert result.output == "'들깻가루' has taken in 1 ingredients; 0 recipes changed\n"


def test_merge_keeps_ticks_on_the_lists_of_accounts(client: FlaskClient, cook: Cook, run) -> None:
    kept, gone, also, other = (cook.ingredient(name=name) for name in ("파래김", "돌김", "곱창김", "미역"))

    def ticks(quantities: dict[int, float]) -> list[dict]:
        return [
            {"ingredientId": one, "quantity": quantity, "unit": "g", "recipes": [one]}
            for one, quantity in quantities.items()
        ]

    cooks = cook, Cook(client, name="다른 사람"), Cook(client, name="또 다른 사람")
    lists = {gone: 10, other: 5}, {other: 5, also: 0.1, kept: 0.7, gone: 0.3}, {other: 5}
    for one, quantities in zip(cooks, lists, strict=True):
        content = {"version": 0, "recipes": [], "ticks": ticks(quantities)}
        assert one.put("/api/v1/me/shopping-list", content).status_code == 200

    assert run("ingredients", "merge", "파래김", "돌김", "곱창김").exit_code == 0

    stored = [one.get("/api/v1/me/shopping-list").json for one in cooks]
    # A device with the version before the merge must read the list again.
    assert [one["version"] for one in stored] == [2, 2, 1]
    assert [one["ticks"] for one in stored] == [
        [{"ingredientId": kept, "quantity": 10, "unit": "g", "recipes": [gone]}, *ticks({other: 5})],
        [
            *ticks({other: 5}),
            {"ingredientId": kept, "quantity": 1.1, "unit": "g", "recipes": sorted([kept, gone, also])},
        ],
        ticks({other: 5}),
    ]


def test_duplicates_of_the_previous_version_are_listed_and_merged(
    cook: Cook, run, postgres: Postgres, database: str
) -> None:
    added_by_the_previous_version(postgres, database, "다진마늘")
    assert "'다진 마늘'" in run("ingredients", "duplicates").output

    assert run("ingredients", "merge", "다진 마늘", "다진마늘").exit_code == 0

    assert run("ingredients", "duplicates").output == "0 names that several ingredients have\n"
    assert [item["name"] for item in cook.get(INGREDIENTS, q="다진마늘").json["items"]] == ["다진 마늘"]


def test_duplicates_of_a_third_ingredient_are_merged(
    cook: Cook, run, postgres: Postgres, database: str
) -> None:
    first, second = (
        added_by_the_previous_version(postgres, database, name) for name in ("다진마늘", "다진  마늘")
    )

    result = run("ingredients", "merge", str(first), str(second))

    assert result.output == "'다진마늘' has taken in 1 ingredients; 0 recipes changed\n"
    # The name still belongs to the oldest of the three.
    [owner] = cook.get(INGREDIENTS, q="다진  마늘", limit=1).json["items"]
    assert owner["name"] == "다진 마늘"
    assert run("ingredients", "duplicates").output == (
        f"'다진 마늘' (id {owner['id']}, by g) = '다진마늘' (id {first}, by g)\n"
        "1 names that several ingredients have\n"
    )
    assert run("ingredients", "merge", "다진 마늘", str(first)).exit_code == 0
    assert run("ingredients", "duplicates").output == "0 names that several ingredients have\n"


def test_problem_is_the_reason_of_a_command(run, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if a request had added the name after the command searched for it.
    monkeypatch.setattr(ingredient_names, "find", lambda _: None)

    result = run("ingredients", "alias", "1", "달걀")

    assert result.output == "Error: nothing was changed: There is an ingredient '달걀' already.\n"


def test_name_that_is_an_alias_of_another_ingredient_is_a_duplicate(
    cook: Cook, run, postgres: Postgres, database: str
) -> None:
    added = added_by_the_previous_version(postgres, database, "계 란", "piece")
    [egg] = [item for item in cook.get(INGREDIENTS, q="달걀").json["items"] if item["name"] == "달걀"]

    assert run("ingredients", "duplicates").output == (
        f"'달걀' (id {egg['id']}, by piece) = '계 란' (id {added}, by piece)\n"
        "1 names that several ingredients have\n"
    )

    assert run("ingredients", "merge", "달걀", str(added)).exit_code == 0
    assert run("ingredients", "duplicates").output == "0 names that several ingredients have\n"


@pytest.mark.parametrize(
    "arguments", [("alias", "달걀", "계란", "--remove"), ("remove", "달걀", "--from-recipes")]
)
def test_freed_name_belongs_to_the_ingredient_of_that_name(
    cook: Cook, run, postgres: Postgres, database: str, arguments: tuple[str, ...]
) -> None:
    added = added_by_the_previous_version(postgres, database, "계란", "piece")

    result = run("ingredients", *arguments)

    assert result.exit_code == 0, result.output
    refused = cook.post(INGREDIENTS, {"name": "계 란", "unit": "piece", "price": 1, "per": 1})
    assert (refused.status_code, refused.json["ingredient"]["id"]) == (409, added)


def test_refused_merge_changes_nothing(cook: Cook, run) -> None:
    cook.ingredient("g", name="가루")
    cook.ingredient("ml", name="물")

    for arguments, reason in (
        (("가루", "물"), "'가루' is sold by g, but '물' by ml"),
        (("가루", "가루"), "'가루' can't be merged with itself"),
        (("가루", "없음", "999999"), "there is no ingredient '없음', '999999'"),
    ):
        result = run("ingredients", "merge", *arguments)
        assert (result.exit_code, result.output) == (1, f"Error: nothing was changed: {reason}\n")


def test_renamed_ingredient_is_found_by_both_names(cook: Cook, run) -> None:
    ingredient = cook.ingredient(name="두뷰")
    recipe = recipe_of(cook, ingredient, title="한 모")

    assert run("ingredients", "rename", "두뷰", " 모\u200b두부 ").exit_code == 0

    assert cook.get(f"{INGREDIENTS}/{ingredient}").json["name"] == "모두부"
    assert cook.get(f"{INGREDIENTS}/{ingredient}").json["aliases"] == ["두뷰"]
    assert cook.get(f"{RECIPES}/{recipe['id']}").json["ingredients"][0]["name"] == "모두부"
    for q in ("모두부", "두뷰"):
        assert recipe["id"] in [item["id"] for item in cook.get(RECIPES, q=q).json["items"]]
    # A new spelling of its own name is no conflict.
    assert run("ingredients", "rename", "모두부", "모 두부").exit_code == 0
    assert cook.get(f"{INGREDIENTS}/{ingredient}").json["aliases"] == ["두뷰"]
    result = run("ingredients", "rename", "모두부", "달 걀")
    assert result.exit_code == 1
    assert "is the ingredient '달걀'" in result.output
    assert run("ingredients", "rename", "모두부", "\u3164").exit_code == 1
    assert run("ingredients", "alias", "모두부", "두뷰", "--remove").exit_code == 0
    assert cook.get(INGREDIENTS, q="두뷰").json["items"] == []
    assert run("ingredients", "alias", "모두부", "모두부", "--remove").exit_code == 1
    assert run("ingredients", "alias", "모두부", "판두부").exit_code == 0
    assert recipe["id"] in [item["id"] for item in cook.get(RECIPES, q="판두부").json["items"]]


def test_new_names_have_the_form_that_the_api_stores(cook: Cook, run) -> None:
    ingredient = cook.ingredient(name="두뷰")

    assert run("ingredients", "rename", "두뷰", "모\r\n두부").output == "'두뷰' is called '모 두부' now\n"
    assert run("ingredients", "alias", "두뷰", "판\t두부").output == "'모 두부' is found by '판 두부'\n"
    for name, reason in (
        ("두\x07부", "Must not contain control characters. Invisible characters do not count."),
        ("두\udcff부", "Must not contain control characters. Invisible characters do not count."),
        ("\u3164", "Length must be between 1 and 50. Invisible characters do not count."),
        ("가" * 51, "Length must be between 1 and 50. Invisible characters do not count."),
    ):
        for command in ("rename", "alias"):
            result = run("ingredients", command, "두뷰", name)
            refusal = f"Error: nothing was changed: the name {name!r} is refused: {reason}\n"
            assert (result.exit_code, result.output) == (1, refusal)

    stored = cook.get(f"{INGREDIENTS}/{ingredient}").json
    assert (stored["name"], stored["aliases"]) == ("모 두부", ["두뷰", "판 두부"])


def test_ingredient_is_removed_from_recipes_only_with_the_option(cook: Cook, run) -> None:
    gone, stays = cook.ingredient(price=100, name="버섯가루"), cook.ingredient(price=50)
    recipe = recipe_of(cook, gone, stays, title="버섯 요리")

    refused = run("ingredients", "remove", "버섯가루")
    assert refused.exit_code == 1
    assert f"'버섯 요리' (id {recipe['id']})" in refused.output
    alone = recipe_of(cook, gone, title="버섯뿐")
    refused = run("ingredients", "remove", "버섯가루", "--from-recipes")
    assert refused.exit_code == 1
    assert "'버섯뿐'" in refused.output
    cook.delete(f"{RECIPES}/{alone['id']}")

    assert run("ingredients", "remove", "버섯가루", "--from-recipes").exit_code == 0

    after = cook.get(f"{RECIPES}/{recipe['id']}").json
    assert ([line["ingredientId"] for line in after["ingredients"]], after["totalCost"]) == ([stays], 500)
    assert cook.get(f"{INGREDIENTS}/{gone}").status_code == 404
    assert cook.get(INGREDIENTS, q="버섯가루").json["items"] == []
    assert run("ingredients", "remove", "버섯가루").exit_code == 1


def test_reset_password_ends_all_sessions(client: FlaskClient, run) -> None:
    signup(client, email="forgot@example.com", password="the old password")
    assert login(client, email="forgot@example.com", password="the old password").status_code == 200

    result = run("reset-password", " Forgot@Example.com ")

    assert result.exit_code == 0, result.output
    password = re.search(r"is: (\S+)", result.output)[1]
    assert client.post("/api/v1/auth/refresh").status_code == 401
    assert login(client, email="forgot@example.com", password="the old password").status_code == 401
    assert login(client, email="forgot@example.com", password=password).status_code == 200
    assert run("reset-password", "nobody@example.com").exit_code == 1


def test_new_password_is_accepted_after_too_many_wrong_ones(client: FlaskClient, run) -> None:
    for email in ("forgot@example.com", "other@example.com"):
        signup(client, email=email)
        codes = [login(client, email=email, password="wrong").status_code for _ in range(11)]
        assert codes == [401] * 10 + [429]

    result = run("reset-password", "forgot@example.com")

    password = re.search(r"is: (\S+)", result.output)[1]
    assert login(client, email="forgot@example.com", password=password).status_code == 200
    assert login(client, email="other@example.com").status_code == 429


def test_changed_weight_of_a_tablespoon_changes_the_cost_of_recipes(cook: Cook, run) -> None:
    ingredient = cook.ingredient("g", 100, 1, name="들깨가루")
    assert cook.put(f"{INGREDIENTS}/{ingredient}/tablespoon", {"grams": 50}).status_code == 200
    lines = [{"ingredientId": ingredient, "quantity": 2, "unit": "tbsp"}]
    recipe = cook.save({**cook.content(), "ingredients": lines}).json
    assert cook.get(f"{RECIPES}/{recipe['id']}").json["totalCost"] == 10_000

    result = run("ingredients", "weigh", "들깨 가루", "6.5")

    assert result.exit_code == 0, result.output
    assert cook.get(f"{RECIPES}/{recipe['id']}").json["totalCost"] == 1_300
    listed = {item["id"]: item["costPerMeal"] for item in cook.get(RECIPES).json["items"]}
    assert listed[recipe["id"]] == 1_300
    for wrong in ("0", "61", "six", "NaN", "1.0001"):
        refused = run("ingredients", "weigh", "들깨가루", wrong)
        assert refused.exit_code == 1
        assert "nothing was changed" in refused.output
    assert cook.get(f"{INGREDIENTS}/{ingredient}").json["tablespoonGrams"] == 6.5


def test_merged_ingredient_gets_the_weight_of_a_tablespoon(cook: Cook, run) -> None:
    kept, gone = cook.ingredient(name="갈분"), cook.ingredient(name="칡가루")
    assert cook.put(f"{INGREDIENTS}/{gone}/tablespoon", {"grams": 9}).status_code == 200
    lines = [{"ingredientId": gone, "quantity": 1, "unit": "tbsp"}]
    recipe = cook.save({**cook.content(), "ingredients": lines}).json

    assert run("ingredients", "merge", str(kept), str(gone)).exit_code == 0

    after = cook.get(f"{RECIPES}/{recipe['id']}").json
    assert (after["totalCost"], after["ingredients"][0]["tablespoonGrams"]) == (900, 9)


def test_merged_and_renamed_ingredients_keep_their_aisle(cook: Cook, run) -> None:
    first, second, third = (cook.ingredient(name=name) for name in ("가지나물", "나지나물", "다지나물"))
    for ingredient, aisle in ((second, "chilled"), (third, "vegetables")):
        assert cook.put(f"{INGREDIENTS}/{ingredient}/aisle", {"aisle": aisle}).status_code == 200

    assert run("ingredients", "merge", "가지나물", "나지나물", "다지나물").exit_code == 0
    assert cook.get(f"{INGREDIENTS}/{first}").json["aisle"] == "chilled"
    assert run("ingredients", "rename", "가지나물", "가지 무침").exit_code == 0
    assert cook.get(f"{INGREDIENTS}/{first}").json["aisle"] == "chilled"
    other = cook.ingredient(name="라지나물")
    assert run("ingredients", "merge", "라지나물", "가지 무침").exit_code == 0
    assert cook.get(f"{INGREDIENTS}/{other}").json["aisle"] == "chilled"


def test_merge_does_not_change_the_aisle_of_the_kept_ingredient(cook: Cook, run) -> None:
    kept, gone = cook.ingredient(name="마나물"), cook.ingredient(name="바나물")
    for ingredient, aisle in ((kept, "vegetables"), (gone, "frozen")):
        cook.put(f"{INGREDIENTS}/{ingredient}/aisle", {"aisle": aisle})

    assert run("ingredients", "merge", "마나물", "바나물").exit_code == 0

    assert cook.get(f"{INGREDIENTS}/{kept}").json["aisle"] == "vegetables"


def test_operator_sets_the_aisle_of_an_ingredient(cook: Cook, run) -> None:
    ingredient = cook.ingredient(name="사나물")
    for argument, aisle in (("vegetables", "vegetables"), ("dairy", "dairy"), ("none", None)):
        cook.get(f"{INGREDIENTS}/{ingredient}")  # now cached

        result = run("ingredients", "aisle", "사 나물", argument)

        assert (result.exit_code, result.output) == (0, f"'사나물' is in the aisle {argument} now\n")
        assert cook.get(f"{INGREDIENTS}/{ingredient}").json["aisle"] == aisle
    refused = run("ingredients", "aisle", "사나물", "garage")
    assert refused.exit_code == 2
    assert all(f"'{aisle}'" in refused.output for aisle in ("vegetables", "seasonings", "none"))
    assert run("ingredients", "aisle", "아나물", "meat").output == (
        "Error: nothing was changed: there is no ingredient '아나물'\n"
    )
