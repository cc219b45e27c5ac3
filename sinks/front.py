"""An HTTP front on the embedded engine, for this machine only.

It speaks ClickHouse's HTTP interface as far as clickhouse-connect, a browser or curl use it, so that several
workers, notebooks and tools share one embedded database. Not as on a server:

- Sessions share nothing: no temporary tables and no `SET` from one request to the next. Settings come with
  each request, as clickhouse-connect sends them.
- Any user and password are welcome, and who can connect to the port may read and write what this process may:
  files too, with ClickHouse's table functions.
- External data, `input()`, `compress=1`, `decompress=1` and `{name:Type}` before the FORMAT of an INSERT are
  refused; answers are not compressed.
- A client that goes away cancels its query at the next block of the result, not before.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Self

from aiohttp import web
from aiohttp.http import HttpProcessingError

from schemas.errors import Stop
from sinks.front_app import App
from sinks.front_query import LOG_COMMENT

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from sinks.engine import Engine

HOST = "127.0.0.1"
PORT = 8123  # ClickHouse's own

_WORKERS = 8  # statements at a time; more of them wait for their turn
_GRACE = 2.0  # seconds that running statements have at a stop before they are killed
_FORCE = 1.0  # seconds after that before the requests are dropped
_AGAIN = 0.5  # seconds between two rounds of killing: who waited for a worker starts after the first
_LINE = 1 << 20  # bytes of the request line and of a header; a server allows as many


_log = logging.getLogger(__name__)


def _is_ours(record: logging.LogRecord) -> bool:
    """Tell our failures from requests that are no HTTP, which get their 400 and are nobody's news here."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_log.addFilter(_is_ours)


class Front:
    """The HTTP front, in threads of its own. A context manager; `start` and `stop` may also be called.

    Args:
        engine: The open engine; it must outlive the front.
        port: The port on 127.0.0.1; 0 for a free one.
    """

    def __init__(self, engine: Engine, port: int = PORT) -> None:
        self._engine = engine
        self._port = port
        self._halt: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port that it listens on, once started."""
        return self._port

    @property
    def address(self) -> str:
        """Where it is, such as `http://127.0.0.1:8123`."""
        return f"http://{HOST}:{self._port}"

    def start(self) -> None:
        """Listen, and tell other processes of the data folder so.

        Raises:
            Stop: The port is taken, or not for this user.
        """
        listener = _listen(self._port)
        try:
            self._port = listener.getsockname()[1]
            with closing(self._engine.handle()) as handle:
                timezone = handle.query("SELECT timezone()", "TSVRaw").bytes().decode().strip()
            self._engine.announce(self.address)
        except BaseException:
            listener.close()
            raise
        loop = asyncio.new_event_loop()
        stopping = asyncio.Event()
        # The listener queues who comes before the thread is up, so there is nothing to wait for.
        thread = threading.Thread(
            target=self._serve, args=(loop, stopping, listener, timezone), name="hubbub-front", daemon=True
        )
        thread.start()

        def halt() -> None:
            loop.call_soon_threadsafe(stopping.set)
            thread.join()

        self._halt = halt

    def stop(self) -> None:
        """Answer nothing new; statements that run get two seconds to end, then they are killed."""
        if self._halt is None:
            return
        halt, self._halt = self._halt, None
        try:
            self._engine.retract(self.address)
        finally:
            halt()

    def _serve(
        self, loop: asyncio.AbstractEventLoop, stopping: asyncio.Event, listener: socket.socket, timezone: str
    ) -> None:
        with (
            ThreadPoolExecutor(_WORKERS, thread_name_prefix="hubbub-front") as pool,
            asyncio.Runner(loop_factory=lambda: loop) as runner,
        ):
            runner.run(self._main(stopping, listener, App(self._engine, pool, timezone).build()))

    async def _main(self, stopping: asyncio.Event, listener: socket.socket, app: web.Application) -> None:
        runner = web.AppRunner(
            app,
            access_log=None,
            logger=_log,
            auto_decompress=False,  # bodies are decompressed where they are used, for every codec alike
            max_line_size=_LINE,
            max_field_size=_LINE,
            shutdown_timeout=_GRACE + _FORCE,
        )
        await runner.setup()
        await web.SockSite(runner, listener).start()
        await stopping.wait()
        ending = asyncio.ensure_future(runner.cleanup())
        await asyncio.wait([ending], timeout=_GRACE)
        while not ending.done():
            await asyncio.to_thread(self._kill)
            await asyncio.wait([ending], timeout=_AGAIN)
        await ending

    def _kill(self) -> None:
        with closing(self._engine.handle()) as handle:
            handle.query(f"KILL QUERY WHERE startsWith(Settings['log_comment'], '{LOG_COMMENT}') ASYNC")


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "is taken" if taken else f"cannot be used ({error})"
        raise Stop(
            f"port {port} on {HOST} {why}: stop what uses it, or choose another port (0 for any free one)"
        ) from error
