"""The migrations create exactly the tables of the models."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from servers import Postgres

from app.models import db


def test_migrations_and_models_agree(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []


def test_downgrade_to_base_and_upgrade(app: Flask, postgres: Postgres, database: str) -> None:
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    before = postgres.execute(tables, database)
    with app.app_context():
        downgrade(revision="base")
        assert postgres.execute(tables, database) == [("alembic_version",)]
        upgrade()
    assert postgres.execute(tables, database) == before


def test_0002_keeps_the_data_and_the_columns_of_0001(
    app: Flask, client: FlaskClient, postgres: Postgres, database: str
) -> None:
    with app.app_context():
        downgrade(revision="0001")
    rows = (
        "SELECT r.title, i.name, l.quantity, l.unit, i.price_per_unit FROM recipes r"
        " JOIN recipe_ingredients l ON l.recipe_id = r.id JOIN ingredients i ON i.id = l.ingredient_id"
        " ORDER BY r.id, l.position"
    )
    before = postgres.execute(rows, database)
    with app.app_context():
        upgrade(revision="0002")
    assert postgres.execute(rows, database) == before

    # The price of one unit, rounded to four decimals, in whole won for the smallest power of ten.
    prices = (
        "SELECT price, per FROM ingredient_prices p JOIN ingredients i ON i.id = ingredient_id WHERE name ="
    )
    assert postgres.execute(f"{prices} '신김치'", database) == [(9, 1)]
    assert postgres.execute(f"{prices} '스팸'", database) == [(144118, 10000)]
    with app.app_context():
        upgrade()
    items = client.get("/api/v1/recipes?limit=100").json["items"]
    listed = {item["id"]: item["costPerMeal"] for item in items}
    assert len(listed) > 30
    for recipe_id, cost in listed.items():
        assert client.get(f"/api/v1/recipes/{recipe_id}").json["costPerMeal"] == cost
    found = client.get("/api/v1/recipes?q=김치 두부").json["items"]
    assert "김치찌개" in [item["title"] for item in found]

    # The current sample data has tags, and prices that are not rounded.
    assert app.test_cli_runner().invoke(args=["release", "--sample-data"]).exit_code == 0
    assert postgres.execute(f"{prices} '스팸'", database) == [(4900, 340)]
    assert client.get("/api/v1/tags").json["items"] != []


def test_code_of_0001_can_add_to_0002(client: FlaskClient, postgres: Postgres, database: str) -> None:
    """Its statements use only the columns of 0001."""
    postgres.execute(
        "INSERT INTO ingredients (name, unit, price_per_unit) VALUES ('옛날', 'g', 1.5);"
        "INSERT INTO recipes (title, summary, servings, cook_minutes) VALUES ('옛날 요리', '', 1, 1)",
        database,
    )

    assert client.get("/api/v1/recipes").json["items"][0]["title"] == "옛날 요리"
