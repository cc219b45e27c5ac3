"""`hubbub report`: the metrics in the terminal."""

from typing import Annotated

import typer

from streams.cli.options import AsJson, Data
from streams.cli.times import By

Brand = Annotated[str | None, typer.Option("--brand", metavar="B", help="Only this brand.")]
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="T", help="From this time on, such as 2026-01-31 or 2026-01-31T12:00; UTC."
    ),
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="T", help="Up to but not including this time. Default: the last."),
]
ByWindow = Annotated[
    By | None, typer.Option("--by", help="Also each window; the drawing has windows that fit by itself.")
]


def report(
    *,
    brand: Brand = None,
    from_: From = None,
    to: To = None,
    by: ByWindow = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show every metric of each brand, with a drawing over time.

    Without --from and --to: over everything that is stored. What is not known is a dash, and null in JSON.

    Example: hubbub report --brand ember --by week --data .hubbub
    """
    from schemas.errors import Stop
    from schemas.settings import load_settings
    from sinks.alerts import AlertStore
    from streams.cli.alert_pages import firing_line
    from streams.cli.database import open_client
    from streams.cli.figures import check_brand, read_figures, stored_period
    from streams.cli.pages import courses, one_by_one, side_by_side
    from streams.cli.report_json import report_json
    from streams.cli.screen import stdout, write, write_json
    from streams.cli.times import clipped, fitting, read_period, span, starts

    early, late = read_period(from_, to)
    with open_client(load_settings(), data) as client:
        if brand is not None:
            check_brand(client, brand)
        stored = stored_period(client, brand or "")
        if stored is None:
            of = f" of {brand}" if brand else ""
            raise Stop(f"nothing{of} is stored yet: hubbub replay or hubbub ingest brings events in")
        period = clipped(early, late, stored)
        drawn = by or fitting(*period)
        whole = read_figures(client, period, brand=brand or "")
        windows = read_figures(client, period, drawn, brand or "") if whole else []
        firing = [row for row in AlertStore(client).states() if row.firing and brand in (None, row.brand)]
    if as_json:
        write_json(report_json(period, whole, windows if by else None))
        return
    if not whole:
        of = f" of {brand}" if brand else ""
        raise Stop(f"nothing{of} is stored in that time, only {span(*stored)}: change --from and --to")
    console = stdout()
    write(f"{span(*period)}, UTC")
    grid = list(starts(*period, drawn))
    brands = courses(whole, windows, grid)
    if firing:
        write(f"Alerts that fire: {firing_line(firing)}")
    for page in (
        one_by_one(brands, grid, by, console.width) if by else side_by_side(brands, drawn, console.width)
    ):
        console.print(page)
