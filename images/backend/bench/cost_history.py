"""The cost history of a recipe, with few prices and with ten years of daily prices of all ingredients.

    python bench/cost_history.py [requests]

Both servers have the same code and no cache. Requests alternate between them, so other load on the machine
affects both. Exits with 1 if the p95 with ten years of prices is more than MOST times the other one.
"""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from site_under_load import DATABASE, Site, Variant  # noqa: E402

MOST = 1.5
OLD = "bench_old"
# One price per day, up and down by a few won, until today.
TEN_YEARS = """
INSERT INTO ingredient_prices (ingredient_id, price, per, at)
SELECT id, price + day % 7, per, now() - day * interval '1 day'
FROM ingredients, generate_series(1, 3650) AS day,
LATERAL (SELECT price, per FROM ingredient_prices WHERE ingredient_id = ingredients.id LIMIT 1) AS one
"""


class Asked:
    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self.waits: list[float] = []
        self.most_points = 0

    def recipes(self) -> list[int]:
        return [item["id"] for item in self._get("/api/v1/recipes?limit=100")["items"]]

    def history(self, recipe: int, *, measured: bool) -> None:
        begun = time.perf_counter()
        points = self._get(f"/api/v1/recipes/{recipe}/cost-history")["items"]
        if measured:
            self.waits.append((time.perf_counter() - begun) * 1000)
            self.most_points = max(self.most_points, len(points))

    def p95(self) -> float:
        return statistics.quantiles(self.waits, n=20)[-1]

    def __str__(self) -> str:
        p50 = statistics.median(self.waits)
        return f"p50 {p50:6.2f} ms  p95 {self.p95():6.2f} ms  at most {self.most_points} points"

    def _get(self, path: str) -> dict:
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status} {body!r}")
        return json.loads(body)


def main(requests: int) -> int:
    variant = Variant.ours("1x4", "no cache")
    with Site() as site:
        site.copy_database(OLD, TEN_YEARS)
        with site.serve(variant) as young, site.serve(variant, database=OLD) as old:
            asked = {DATABASE: Asked(young.port), OLD: Asked(old.port)}
            recipes = asked[DATABASE].recipes()
            for number, recipe in enumerate(
                itertools.islice(itertools.cycle(recipes), requests + len(recipes))
            ):
                for one in asked.values():
                    one.history(recipe, measured=number >= len(recipes))
    for name, one in asked.items():
        print(f"{name:10} {one}")
    ratio = asked[OLD].p95() / asked[DATABASE].p95()
    print(f"p95 of ten years / young: {ratio:.2f} (at most {MOST})")
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
