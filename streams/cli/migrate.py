"""`hubbub migrate`: tables and views."""

from streams.cli.options import AsJson, Data
from streams.cli.screen import write, write_json


def migrate(data: Data = None, as_json: AsJson = False) -> None:
    """Make the tables and views, or bring them to this version.

    Safe to run again: what was applied is on record.

    Example: hubbub migrate --data community
    """
    from schemas.settings import load_settings
    from sinks.migrate import migrate as bring_forward
    from streams.cli.database import open_client

    settings = load_settings()
    with open_client(settings, data, create=True) as client:
        applied = bring_forward(client, settings.database)
    if as_json:
        write_json({"database": settings.database, "applied": applied})
        return
    for name in applied:
        write(f"applied {name}")
    done = f"{len(applied)} migrations applied" if applied else "nothing to apply"
    write(f"database {settings.database}: {done}; the views are those of this version")
