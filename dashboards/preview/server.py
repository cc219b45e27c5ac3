"""The preview's HTTP server, in threads of its own."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Self

from aiohttp import web

from dashboards.preview.app import App
from dashboards.preview.catalogue import Catalogue
from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from dashboards.preview.source import Source

HOST = "127.0.0.1"
PORT = 3003
"""Where it listens if nobody says otherwise and nobody else does: Grafana has 3000."""
GENERATED = Path(__file__).parent.parent / "generated"

_WORKERS = 4  # queries at a time: as many as a browser has connections for, less would wait there
_GRACE = 1.0  # seconds that answers have to get out at a stop


class Preview:
    """Serves the dashboards until it is left. A context manager.

    Args:
        source: The database; it must outlive the preview.
        host: The address to listen on.
        port: The port; 0 for a free one; None for the usual one, or a free one where that is taken.
        folder: The generated dashboards.
    """

    def __init__(
        self, source: Source, *, host: str = HOST, port: int | None = None, folder: Path = GENERATED
    ) -> None:
        self._source = source
        self._host = host
        self._port = port
        self._catalogue = Catalogue(folder)
        self._halt: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        """Listen.

        Raises:
            Stop: The port is taken, or there are no dashboards to show.
        """
        self._catalogue.listed()
        listener = _listen(self._host, self._port)
        self._port = listener.getsockname()[1]
        loop = asyncio.new_event_loop()
        stopping = asyncio.Event()
        # The listener queues who comes before the thread is up, so there is nothing to wait for.
        thread = threading.Thread(
            target=self._serve, args=(loop, stopping, listener), name="hubbub-preview", daemon=True
        )
        thread.start()

        def halt() -> None:
            loop.call_soon_threadsafe(stopping.set)
            thread.join()

        self._halt = halt
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Answer nothing more; nobody waits for the queries that run, and their limits end them."""
        if self._halt is not None:
            self._halt()
            self._halt = None

    @property
    def address(self) -> str:
        """Where it is, such as `http://127.0.0.1:3003`."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def _serve(
        self, loop: asyncio.AbstractEventLoop, stopping: asyncio.Event, listener: socket.socket
    ) -> None:
        pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="hubbub-preview")
        app = App(self._catalogue, self._source, pool, self._host).build()
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(_main(stopping, listener, app))
        pool.shutdown(wait=False, cancel_futures=True)


async def _main(stopping: asyncio.Event, listener: socket.socket, app: web.Application) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GRACE)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    await stopping.wait()
    await runner.cleanup()


def _listen(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, PORT if port is None else port), family=family)
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        if taken and port is None:
            return _listen(host, 0)
        why = "is taken" if taken else f"cannot be used ({error})"
        raise Stop(
            f"port {PORT if port is None else port} on {host} {why}: stop what uses it, "
            "or choose another port (0 for any free one)"
        ) from None
