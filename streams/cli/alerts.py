"""`hubbub alerts`: what is known of each alert of each brand, and when it changed."""

from typing import Annotated

import typer

from streams.cli.options import AsJson, Data
from streams.cli.screen import stdout, write, write_json

DayOption = Annotated[
    str | None,
    typer.Option(
        "--day",
        metavar="DATE",
        help="As of the end of this day, UTC, such as 2026-01-31. What lies before the newest judged day is "
        "only shown, and not stored.",
    ),
]
Brand = Annotated[str | None, typer.Option("--brand", metavar="B", help="Only this brand.")]
Firing = Annotated[bool, typer.Option("--firing", help="Only those that fire.")]
Everything = Annotated[
    bool, typer.Option("--all", help="Also being held and released, and what was withdrawn.")
]


def evaluate(day: DayOption = None, data: Data = None, as_json: AsJson = False) -> None:
    """Judge all alerts up to the last closed day (UTC), and tell what has changed.

    Workers do so by themselves, shortly after a day closes. Doing it again, late, or after days without any
    worker ends in the same states and the same history. Changes of the last week go to the topic of the
    alerts with the next look of a worker.

    Example: hubbub alerts evaluate --day 2026-02-03 --data community
    """
    from datetime import UTC, datetime

    from schemas.settings import load_settings
    from sinks.alerts import AlertStore
    from streams.alerts.evaluation import evaluate as judge_and_store
    from streams.alerts.evaluation import find
    from streams.alerts.message import sentence
    from streams.cli.alert_pages import as_object, day_to_judge, firing_line, notable, states_after
    from streams.cli.database import open_client

    now = datetime.now(UTC)
    with open_client(load_settings(), data) as client:
        store = AlertStore(client)
        last, judged = day_to_judge(store, day, now), store.judged()
        shown = judged is not None and last < judged
        if shown:
            found = find(store, last)
            states, changes = states_after(found, now), []
        else:
            changes = judge_and_store(store, last, now).history
            states = store.states()
    if as_json:
        write_json(
            {
                "day": last.isoformat(),
                "stored": not shown,
                "changes": [as_object(row) for row in changes],
                "states": [as_object(row) for row in states],
            }
        )
        return
    for row in filter(notable, sorted(changes, key=lambda row: (row.day, row.brand, row.alert))):
        write(sentence(row))
    write(f"after {last} there fires: {firing_line(states)}")
    if shown:
        write(f"nothing was stored: {judged} is judged already")


def list_(brand: Brand = None, firing: Firing = False, data: Data = None, as_json: AsJson = False) -> None:
    """List what is known of each alert of each brand after the last judged day.

    Example: hubbub alerts list --firing --data community
    """
    from schemas.settings import load_settings
    from sinks.alerts import AlertStore
    from streams.cli.alert_pages import as_object, states_table
    from streams.cli.database import open_client
    from streams.cli.figures import check_brand

    with open_client(load_settings(), data) as client:
        if brand is not None:
            check_brand(client, brand)
        states = [row for row in AlertStore(client).states() if brand in (None, row.brand)]
    shown = [row for row in states if row.firing or not firing]
    if as_json:
        write_json({"states": [as_object(row) for row in shown]})
    elif shown:
        stdout().print(states_table(shown))
        write("what to do about them: docs/runbook.md; since when: hubbub alerts history")
    else:
        write("nothing fires" if states else "no day is judged yet: hubbub alerts evaluate")


def history(
    brand: Brand = None, everything: Everything = False, data: Data = None, as_json: AsJson = False
) -> None:
    """Tell when alerts fired and cleared, the newest first.

    Example: hubbub alerts history --brand ember --data community
    """
    from schemas.settings import load_settings
    from sinks.alerts import AlertStore
    from streams.alerts.message import sentence
    from streams.cli.alert_pages import as_object, notable
    from streams.cli.database import open_client
    from streams.cli.figures import check_brand

    with open_client(load_settings(), data) as client:
        if brand is not None:
            check_brand(client, brand)
        rows = [row for row in AlertStore(client).history() if brand in (None, row.brand)]
    rows = [row for row in rows if everything or notable(row)]
    rows.sort(key=lambda row: (row.day, row.brand, row.alert), reverse=True)
    if as_json:
        write_json({"changes": [as_object(row) for row in rows]})
        return
    for row in rows:
        write(sentence(row))
    if not rows:
        write("no alert has fired")
