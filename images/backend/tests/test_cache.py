"""The cache in Redis: shared by all replicas, cleared by every change, and optional."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from accounts import EMAIL, login, signup
from cooking import INGREDIENTS, RECIPES, Cook
from flask import Flask
from flask.testing import FlaskClient
from servers import RedisServer

from app import accounts, cache
from app.models import User, db

CHEAPEST = f"{RECIPES}?sort=cheapest"
PATHS = (RECIPES, "/api/v1/tags", INGREDIENTS)


def entries(redis_server: RedisServer) -> set[str]:
    with redis_server.client() as redis:
        return set(redis.keys("cache:*")) - {cache.GENERATION}


def test_second_read_sends_no_query(client: FlaskClient, replica: FlaskClient, statements: list[str]) -> None:
    recipe_id = replica.get(RECIPES).json["items"][0]["id"]
    paths = (
        *PATHS,
        f"{RECIPES}?sort=cheapest",
        f"{RECIPES}/{recipe_id}",
        f"{RECIPES}/{recipe_id}/cost-history",
    )
    responses = [replica.get(path).data for path in paths]

    assert [client.get(path).data for path in paths] == responses
    assert statements == []


def test_only_first_pages_in_the_form_of_the_site_are_cached(
    client: FlaskClient, redis_server: RedisServer
) -> None:
    cursor = client.get(RECIPES).json["nextCursor"]
    client.get(INGREDIENTS)
    kept = entries(redis_server)
    assert len(kept) == 2

    for arguments in (
        {"q": "찌개"}, {"maxCost": 5000}, {"maxMinutes": 20}, {"cursor": cursor},
        {"tag": "찌개"}, {"tag": "없는 태그"}, {"limit": 19}, {"limit": 21},
    ):  # fmt: skip
        assert client.get(RECIPES, query_string=arguments).status_code == 200
    assert client.get(INGREDIENTS, query_string={"limit": 19}).status_code == 200

    assert entries(redis_server) == kept


def test_cache_leaves_memory_for_sessions(
    app: Flask, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More recipes than slots, with responses of the maximum size and larger ones."""
    monkeypatch.setattr(
        cache, "PAUSE", 0
    )  # on a busy machine a timeout costs one entry, not 3 s without a cache
    largest, larger = "x" * (cache.LARGEST - 100), "x" * cache.LARGEST  # each comes with its name
    with redis_server.client() as redis, app.app_context():
        before = redis.info("memory")["used_memory"]
        for number in range(4 * cache.SLOTS):
            cache.fetch(f"recipe:{number}", lambda: largest)
            cache.fetch(f"recipe:{number}:cost-history", lambda: larger)

        assert cache.SLOTS * 0.9 < len(entries(redis_server)) <= cache.SLOTS
        assert redis.info("memory")["used_memory"] - before < 48 * 2**20


def test_entries_with_one_slot_are_not_confused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SLOTS", 1)
    with app.app_context():
        for _ in range(2):
            assert cache.fetch("recipe:1", lambda: "one").body == "one"
            assert cache.fetch("recipe:11", lambda: "eleven").body == "eleven"
        assert cache.fetch("recipe:11", lambda: "another").body == "eleven"


def test_every_redis_key_expires(client: FlaskClient, redis_server: RedisServer) -> None:
    signup(client)
    login(client)
    login(client, password="not the password")
    client.get(RECIPES)

    with redis_server.client() as redis:
        keys = redis.keys()
        assert {key.split(":")[0] for key in keys} == {"session", "sessions", "limit", "cache"}
        assert [key for key in keys if redis.ttl(key) < 0] == []


def test_change_in_one_replica_is_seen_in_all(cook: Cook, replica: FlaskClient) -> None:
    recipe = cook.recipe((1, "g", 100, 1), tags=["새 태그"])
    path = f"{RECIPES}/{recipe['id']}"
    [line] = recipe["ingredients"]
    prices = f"{INGREDIENTS}/{line['ingredientId']}/prices"

    def seen() -> tuple:
        detail = replica.get(path)
        page = replica.get(RECIPES).json["items"]
        listed = [item["title"] for item in page if item["id"] == recipe["id"]]
        tags = {item["name"] for item in replica.get("/api/v1/tags").json["items"]}
        return detail.json.get("title"), detail.json.get("costPerMeal"), listed, "새 태그" in tags

    assert seen() == seen() == ("시험 요리", 100, ["시험 요리"], True)
    cook.post(prices, {"price": 250, "per": 1})
    assert seen() == seen() == ("시험 요리", 250, ["시험 요리"], True)
    content = {key: recipe[key] for key in ("summary", "servings", "cookMinutes", "tags", "steps")}
    lines = [{"ingredientId": line["ingredientId"], "quantity": 2, "unit": "g"}]
    cook.put(path, {**content, "title": "새 이름", "ingredients": lines, "version": 1})
    assert seen() == seen() == ("새 이름", 500, ["새 이름"], True)
    assert cook.delete(path).status_code == 204
    assert seen()[2:] == ([], False)
    assert replica.get(path).status_code == 404


def test_new_name_of_an_author_is_shown(app: Flask, cook: Cook, replica: FlaskClient) -> None:
    path = f"{RECIPES}/{cook.recipe()['id']}"
    assert replica.get(path).json["author"] == {"name": "김한끼"}

    with app.app_context():
        accounts.rename(db.session.query(User).one(), "박두끼")
        db.session.commit()

    assert replica.get(path).json["author"] == {"name": "박두끼"}


def test_deleted_author_is_no_longer_shown(app: Flask, cook: Cook, replica: FlaskClient) -> None:
    path = f"{RECIPES}/{cook.recipe()['id']}"
    assert replica.get(path).status_code == 200

    with app.app_context():
        accounts.remove(db.session.query(User).one())
        db.session.commit()

    assert replica.get(path).status_code == 404


def test_rolled_back_change_and_login_do_not_clear_the_cache(
    app: Flask, client: FlaskClient, redis_server: RedisServer
) -> None:
    with redis_server.client() as redis:
        client.get(RECIPES)
        generation = redis.get(cache.GENERATION)
        signup(client)
        login(client)
        with app.app_context():
            accounts.rename(db.session.query(User).filter_by(email=EMAIL).one(), "박두끼")
            db.session.rollback()
            db.session.commit()

        assert redis.get(cache.GENERATION) == generation is not None


def test_read_overtaken_by_a_change_is_not_cached(app: Flask, redis_server: RedisServer) -> None:
    with app.app_context():

        def overtaken() -> str:
            app.extensions["cache"].clear()
            return "old"

        assert cache.fetch("key", overtaken).body == "old"
        assert cache.fetch("key", lambda: "new").body == "new"
        assert cache.fetch("key", lambda: "newer").body == "new"


def test_code_versions_have_separate_entries(
    client: FlaskClient,
    make_app: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
    redis_server: RedisServer,
) -> None:
    today = cache.code_version()
    client.get("/api/v1/tags")
    monkeypatch.setattr(cache, "code_version", lambda: "next")
    make_app().test_client().get("/api/v1/tags")

    with redis_server.client() as redis:
        kept = {redis.get(key).split()[1] for key in entries(redis_server)}
    assert kept == {"next:tags", f"{today}:tags"}
