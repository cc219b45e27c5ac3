"""`hubbub dashboards preview`: the dashboards in a browser, without Grafana."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.demo import DAYS, SEED
from streams.cli.options import Data

Port = Annotated[
    int | None,
    typer.Option(
        "--port", min=0, max=65535, help="Port; 0: any. Without it: 3003, or any where that is taken."
    ),
]
Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address of this machine to listen on.")]
Open = Annotated[bool, typer.Option("--open", help="Open it in the browser.")]
Demo = Annotated[
    bool,
    typer.Option(
        "--demo", help="On the demo's data, which is made first where it is not there (half a minute)."
    ),
]

DEMO_DATA = Path(".hubbub-demo")
"""Where the demo's data is kept for this."""


def preview(
    data: Data = None,
    demo: Demo = False,
    port: Port = None,
    host: Host = "127.0.0.1",
    open_browser: Open = False,
) -> None:
    """Show the dashboards in a browser, without Grafana, until Ctrl-C. They only read.

    Where the data ends in the past, "latest" is its end and the dashboards begin there.

    Example: hubbub dashboards preview --data community --open
    """
    import sys
    import threading
    import webbrowser

    from dashboards.preview.server import Preview
    from schemas.settings import load_settings
    from streams.cli.read_only import open_read_only
    from streams.cli.screen import write

    settings = load_settings()
    try:
        folder = _demo(data) if demo else data
        with open_read_only(settings, folder) as source:
            newest = source.newest()
            with Preview(source, host=host, port=port) as served:
                write(f"dashboards  {served.address}")
                write(
                    f"data until  {newest:%Y-%m-%d %H:%M} UTC" if newest else "data until  none is there yet"
                )
                write("")
                write("Ctrl-C stops it.")
                sys.stdout.flush()
                if open_browser:
                    webbrowser.open(served.address)
                threading.Event().wait()
    except (KeyboardInterrupt, SystemExit):  # the usual end of it
        return


def _demo(data: Path | None) -> Path:
    """The folder with the demo's data, which is made when it is not there."""
    import shutil

    from schemas.settings import load_settings
    from streams.cli.play import play
    from streams.cli.screen import note

    folder = data or DEMO_DATA
    if not (folder / "clickhouse").is_dir():
        note(f"making the demo's data in {folder}, once")
        draft = folder.with_name(f"{folder.name}.new")  # what is cut off must not look complete
        shutil.rmtree(draft, ignore_errors=True)
        play(draft, load_settings(), days=DAYS, seed=SEED)
        draft.replace(folder)
    return folder
