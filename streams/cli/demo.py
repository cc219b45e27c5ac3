"""`hubbub demo`: a simulated community through the whole pipeline, held against the truth."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import AsJson

Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="How long the community goes on.")]
Seed = Annotated[int, typer.Option("--seed", help="Picks one of the many communities.")]
Keep = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Keep the database in this folder, which is empty or new."),
]

DAYS = 56
SEED = 7


def demo(days: Days = DAYS, seed: Seed = SEED, data: Keep = None, as_json: AsJson = False) -> None:
    """Run a simulated community through broker, worker and database, and check every number.

    Three brands with different manners; the simulator knows the true value of every metric. Exit code 1 if
    any differs.

    Example: hubbub demo --days 28 --data community
    """
    import tempfile
    from contextlib import ExitStack

    from schemas.settings import load_settings
    from streams.cli.play import play
    from streams.cli.screen import stdout, write_json
    from streams.cli.show import as_object, screen

    settings = load_settings()
    with ExitStack() as cleanup:
        folder = data or Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="hubbub-")))
        played = play(folder, settings, days=days, seed=seed)
    if as_json:
        write_json(as_object(played))
    else:
        console = stdout()
        for part in screen(played, data, console.width):
            console.print(part)
    if played.different:
        raise typer.Exit(1)
