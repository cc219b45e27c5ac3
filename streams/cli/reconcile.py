"""`hubbub reconcile`: whether the stored sums are what the interactions say."""

from typing import Annotated

import typer

from streams.cli.options import AsJson, Data
from streams.cli.report import From, To

Shown = Annotated[
    int, typer.Option("--show", metavar="N", min=0, help="Differences to list; all of them are counted.")
]


def reconcile(
    *,
    from_: From = None,
    to: To = None,
    shown: Shown = 20,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Recompute every stored metric from the interactions; exit code 1 if anything differs.

    Without --from and --to: everything that is stored. A conversation belongs to the time that it starts at.
    While workers write, half of a flush may show. What has come of it is kept in the view
    reconciles, where we may write.

    Example: hubbub reconcile --from 2026-01-01 --data .hubbub
    """
    import time
    from datetime import UTC, datetime

    from schemas.errors import HubbubError, Stop
    from schemas.settings import load_settings
    from sinks.reconcile import ALWAYS
    from sinks.reconcile import reconcile as compare
    from sinks.vitals import record_reconcile
    from streams.cli.database import open_client
    from streams.cli.differences import advice, as_object, as_row, compared, table
    from streams.cli.screen import progress, stdout, warn, write, write_json
    from streams.cli.times import read_period

    early, late = read_period(from_, to)
    period = (early or ALWAYS[0], late or ALWAYS[1])
    started = time.monotonic()
    with open_client(load_settings(), data) as client:
        with progress("recomputing", 100) as advance:
            found = compare(
                client, period, shown=shown, on_progress=lambda share: advance(round(100 * share))
            )
        if not found.values and not from_ and not to:
            raise Stop("nothing is stored yet: hubbub replay or hubbub ingest brings events in")
        try:
            seconds = time.monotonic() - started
            record_reconcile(client, as_row(found, (early, late), datetime.now(UTC), seconds))
        except HubbubError as error:  # who may only read may also compare
            warn(f"this is not kept in the view reconciles: {error}")
    if as_json:
        write_json(as_object(found))
    else:
        write(compared(found))
        if found.differences:
            stdout().print(table(found))
        if found.different:
            write(advice(found))
    if found.different:
        raise typer.Exit(1)
