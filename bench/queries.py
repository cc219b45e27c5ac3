"""Seconds that the report's queries and the views take, on a made-up database of two years and 50 brands.

python bench/queries.py --rows 50000000 --to bench/queries.md

Asked is for the last 28 days: of the brand that has most, a seventh of everything, and of all brands at
once; by the dashboards' panels too, but for those of the pipeline. Views are asked for all that they have of
that brand in the 28 days, or, where they have no time, ever.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.world import BRANDS, DAYS, fill
from dashboards.macros import ALL, expand
from dashboards.preview.catalogue import Catalogue, panels
from sinks.engine import Engine
from sinks.migrate import migrate
from sinks.report import report_queries
from sinks.views import views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client

END = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=DAYS)
MONTH = (END - timedelta(days=28), END)
TIMES = ("published", "at", "opened_at", "started_at", "last_contact_at", "refused_at")
LARGEST = "brand-00"
DASHBOARDS = Path(__file__).parents[1] / "dashboards" / "generated"
LIMIT = 1.0  # seconds


def asked(client: Client, *, whole: bool) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is timed: its name, the query, and what is bound.

    Args:
        client: The database.
        whole: Also the report over everything.
    """
    month = {"brand": "", "from": MONTH[0], "to": MONTH[1]}
    for name, sql in report_queries().items():
        yield f"one brand: {name}", sql, month | {"brand": LARGEST}
    for name, sql in report_queries("day").items():
        yield f"one brand by day: {name}", sql, month | {"brand": LARGEST}
    for name, sql in report_queries().items():
        yield f"all brands: {name}", sql, month
    for name, sql in report_queries().items() if whole else ():
        yield f"all brands, two years: {name}", sql, month | {"from": END - timedelta(days=DAYS)}
    for view in views(""):
        columns = {row[0] for row in client.query(f"DESCRIBE {view}").result_rows}
        brand = f"brand = '{LARGEST}'" if "brand" in columns else "true"
        time_ = next(name for name in (*TIMES, "") if name in columns or not name)
        since = f"{brand} AND {time_} >= toDateTime64('{MONTH[0]:%F %T}', 6, 'UTC')" if time_ else brand
        yield f"view: {view}", f"SELECT * FROM {view} WHERE {since}", {}
    yield from _panels(client, {"one brand": [LARGEST], "all brands": ALL})


def _panels(client: Client, brands: dict[str, list[str] | str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    longest = f"brand = '{LARGEST}' ORDER BY messages DESC LIMIT 1"
    talk = client.query(f"SELECT conversation FROM conversation_facts WHERE {longest}").first_row[0]
    catalogue = Catalogue(DASHBOARDS)
    for uid in (board["uid"] for board in catalogue.listed() if board["uid"] != "hubbub-pipeline"):
        for panel in panels(catalogue.dashboard(uid) or {}):
            for target in panel.get("targets", ()):
                for whose, brand in brands.items():
                    chosen = {"brand": brand, "platform": ALL, "conversation": [talk]}
                    sql = expand(target["rawSql"], *MONTH, timedelta(days=1), chosen)
                    yield f"{uid}, {panel['title']}, {whose}", sql, {}


def timed(client: Client, sql: str, bound: dict[str, Any], rounds: int) -> float:
    """Median of the seconds that a query takes, its result thrown away."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        client.raw_query(sql, bound, fmt="Null")
        taken.append(time.perf_counter() - begun)
        if taken[0] > 20 * LIMIT:
            break
    return statistics.median(taken)


def measure(folder: Path, rows: int, rounds: int, *, whole: bool) -> list[str]:
    """Lines of the table, in Markdown."""
    with Engine(folder) as engine:
        client = engine.client()
        migrate(client, "bench")
        client.database = "bench"
        if not client.query("SELECT count() FROM interactions").first_row[0]:
            begun = time.perf_counter()
            fill(client, rows)
            sys.stderr.write(f"{rows:,} interactions made in {time.perf_counter() - begun:.0f} s\n")
        stored = client.query("SELECT count() FROM interactions").first_row[0]
        lines = [
            f"{stored:,} interactions of {BRANDS} brands in {DAYS} days; {os.cpu_count()} cores",
            "",
            "| query | seconds | |",
            "|---|---|---|",
        ]
        for name, sql, bound in asked(client, whole=whole):
            seconds = timed(client, sql, bound, rounds)
            lines.append(f"| {name} | {seconds:.3f} | {'above 1 s' if seconds > LIMIT else ''} |")
            sys.stderr.write(f"{lines[-1]}\n")
        return lines


def main() -> None:
    """Make the database where it is not there yet, time the queries, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_500_000, help="interactions")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, help="folder to keep the database in; default: none is kept")
    parser.add_argument("--to", type=Path, help="file for the table instead of the output")
    parser.add_argument("--whole", action="store_true", help="also the report over all two years")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or Path(folder)
        text = "\n".join(measure(data, arguments.rows, arguments.rounds, whole=arguments.whole)) + "\n"
    if arguments.to:
        arguments.to.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
