"""The speed of the API with the report's Gunicorn command and with gunicorn.conf.py, on the same data.

    python bench/gunicorn_compare.py [--seconds 8] [--rounds 3] [--connections 32] [--ours 2x4 …]

Starts its own PostgreSQL, Redis and Gunicorn, and loads them with wrk (a Debian package). The variants
alternate in each round, so that other load on the machine affects all of them. It prints medians. Each ratio
is to the report's command without a cache, because the report's application had none. The rows "bare" are an
application that returns the same bytes for every request: the maximum speed of the servers themselves.

After the tables it prints whether the goals of docs/decisions/0007 are met.

The second table has the same server with and without slow and silent clients (slow_clients.py). `reads` have
pauses, so that the server is not saturated. A probe is GET /healthz/live on a new connection.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from pathlib import Path
from statistics import median
from typing import TypeVar

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

# After the path was extended.
from load import (  # noqa: E402
    SCENARIOS,
    Result,
    ResultWithProbes,
    measure,
    measure_beside_slow_clients,
)
from servers import missing_packages  # noqa: E402
from site_under_load import Site, Variant  # noqa: E402

Results = dict[tuple[str, str], list[Result]]
R = TypeVar("R", Result, ResultWithProbes)
BESIDE_SLOW_CLIENTS = ("reads", "list", "mix")


def main() -> None:
    options = _options()
    missing = missing_packages() + ([] if shutil.which("wrk") else ["wrk"])
    if missing:
        raise SystemExit(f"the Debian packages {', '.join(missing)} are missing; apt-get install them")
    variants = [
        Variant.report("no cache"),
        Variant.report(),
        Variant.upstream(options.ours[0]),
        Variant.former(options.ours[0]),
        *(Variant.ours(size) for size in options.ours),
        Variant.report("bare"),
        Variant.ours(options.ours[0], "bare"),
    ]
    results: Results = {}
    memory: dict[str, list[int]] = {}
    with Site() as site:
        if not options.slow_clients_only:
            _compare(site, variants, options, results, memory)
        beside = _compare_beside_slow_clients(site, options)
    if not options.slow_clients_only:
        _print(variants, results, memory)
    _print_beside_slow_clients(beside)
    print()
    if not options.slow_clients_only:
        _print_goals(results, options.ours[0])
    _print_goal_beside_slow_clients(beside, options.ours[0])


def _compare(
    site: Site, variants: list[Variant], options: argparse.Namespace, results: Results, memory: dict
) -> None:
    for number in range(options.rounds):
        for variant in variants:
            print(f"round {number + 1}: {variant.name}", file=sys.stderr)
            with site.serve(variant) as server:
                for scenario in _scenarios(variant):
                    result = measure(server.port, scenario, options.connections, options.seconds)
                    results.setdefault((scenario, variant.name), []).append(result)
                memory.setdefault(variant.name, []).append(server.memory())


def _compare_beside_slow_clients(
    site: Site, options: argparse.Namespace
) -> dict[tuple[str, str, str], list[ResultWithProbes]]:
    results: dict[tuple[str, str, str], list[ResultWithProbes]] = {}
    variants = (Variant.upstream(options.ours[0]), Variant.ours(options.ours[0]))
    for number in range(options.rounds):
        for variant in variants:
            print(f"round {number + 1}: {variant.name}, beside slow clients", file=sys.stderr)
            with site.serve(variant) as server:
                for scenario in BESIDE_SLOW_CLIENTS:
                    for slow in (False, True):
                        workers = server.workers()
                        result = measure_beside_slow_clients(
                            server.port, scenario, options.connections, options.seconds, slow=slow
                        )
                        assert server.workers() == workers, "a worker has been restarted"
                        key = (scenario, variant.name, "yes" if slow else "no")
                        results.setdefault(key, []).append(result)
    return results


def _scenarios(variant: Variant) -> tuple[str, ...]:
    """All kinds of load; only one for an application whose responses are all the same."""
    return SCENARIOS[:1] if variant.name.endswith("bare") else SCENARIOS


def _print(variants: list[Variant], results: Results, memory: dict[str, list[int]]) -> None:
    print("| load | server | requests/s | ratio | p50 ms | p99 ms | ratio | errors | MiB |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    for scenario in SCENARIOS:
        base = _median(results[scenario, variants[0].name])
        for variant in variants:
            if (scenario, variant.name) not in results:
                continue
            result = _median(results[scenario, variant.name])
            print(
                f"| {scenario} | {variant.name} | {result.rate:.0f} | {_ratio(result.rate, base.rate)}"
                f" | {result.p50:.1f} | {result.p99:.1f} | {_ratio(result.p99, base.p99)} | {result.errors}"
                f" | {median(memory[variant.name]) / 2**20:.0f} |"
            )


def _print_beside_slow_clients(results: dict[tuple[str, str, str], list[ResultWithProbes]]) -> None:
    print(
        "\n| load | server | slow clients | requests/s | p50 ms | p99 ms | slowest probe ms | failed probes |"
    )
    print("|---|---|---|---:|---:|---:|---:|---:|")
    for (scenario, name, slow), rounds in results.items():
        result = _median(rounds)
        print(
            f"| {scenario} | {name} | {slow} | {result.rate:.0f} | {result.p50:.1f} | {result.p99:.1f}"
            f" | {result.probe:.0f} | {sum(each.failed for each in rounds)} |"
        )


def _print_goals(results: Results, size: str) -> None:
    report, former, ours = Variant.report("no cache"), Variant.former(size), Variant.ours(size)

    def ratio(figure: str, scenario: str, base: Variant) -> float:
        of_ours, of_base = (_median(results[scenario, variant.name]) for variant in (ours, base))
        return _quotient(getattr(of_ours, figure), getattr(of_base, figure))

    for scenario in ("list", "detail"):
        rate, p99 = (ratio(figure, scenario, report) for figure in ("rate", "p99"))
        goal = f"{scenario} at 5 times the rate of the report without a cache, with a quarter of its p99"
        _print_goal(goal, f"{rate:.1f} and {p99:.2f}", met=rate >= 5 and p99 < 0.25)
    rate = ratio("rate", "mix", former)
    _print_goal("mix at 0.95 times the rate of the former worker", f"{rate:.2f}", met=rate >= 0.95)


def _print_goal_beside_slow_clients(
    beside: dict[tuple[str, str, str], list[ResultWithProbes]], size: str
) -> None:
    name = Variant.ours(size).name
    without, with_them = (_median(beside["reads", name, slow]) for slow in ("no", "yes"))
    ratio = _quotient(with_them.p99, without.p99)
    _print_goal("reads beside slow clients with a p99 of at most 1.2 times", f"{ratio:.2f}", met=ratio <= 1.2)


def _print_goal(goal: str, measured: str, *, met: bool) -> None:
    print(f"{'met' if met else 'NOT MET'}: {goal} (measured: {measured})")


def _ratio(figure: float, base: float) -> str:
    return f"{_quotient(figure, base):.2f}"


def _quotient(figure: float, base: float) -> float:
    """A ratio; not a number if a busy machine served no request in a short run."""
    return figure / base if base else math.nan


def _median(results: list[R]) -> R:
    return type(results[0])(*(median(values) for values in zip(*results, strict=True)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=8, help="of load, for each server and kind of load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--ours", nargs="+", default=["2x4"], help="workers x threads to try, such as 2x4")
    parser.add_argument("--slow-clients-only", action="store_true", help="only the second table")
    return parser.parse_args()


if __name__ == "__main__":
    main()
