"""The requests of the HTTP front: read, run off the event loop, answer as ClickHouse does."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from sinks.front_errors import Code, ServerError
from sinks.front_query import run
from sinks.front_request import check_origin, read_call

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from concurrent.futures import Executor

    from sinks.engine import Engine
    from sinks.front_query import Answer, Call

SERVER_NAME = "hubbub"

_GONE = 499  # for a client that has broken off, and will not see it
_FORM = 1 << 24  # bytes of a form, which holds a statement and its parameters
_CONTENT_TYPES = {
    "json": "application/json; charset=UTF-8",
    "jsoncompact": "application/json; charset=UTF-8",
    "jsoneachrow": "application/x-ndjson; charset=UTF-8",
    "csv": "text/csv; charset=UTF-8; header=absent",
    "csvwithnames": "text/csv; charset=UTF-8; header=present",
    "tabseparated": "text/tab-separated-values; charset=UTF-8",
    **dict.fromkeys(("native", "rowbinary", "arrow", "arrowstream", "parquet"), "application/octet-stream"),
}
_HEADER = re.compile(r"[!-~]+")
_PLAIN = "text/plain; charset=UTF-8"

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class App:
    """What the front answers.

    Args:
        engine: The open engine.
        pool: Where statements run.
        timezone: The engine's time zone, which every answer names.
    """

    def __init__(self, engine: Engine, pool: Executor, timezone: str) -> None:
        self._engine = engine
        self._pool = pool
        self._timezone = timezone

    def build(self) -> web.Application:
        """Make the application to serve."""
        app = web.Application(middlewares=[_guard], client_max_size=_FORM)
        app.router.add_get("/ping", self.ping)
        app.router.add_get("/", self.get)
        app.router.add_post("/", self.query)
        return app

    async def ping(self, _request: web.Request) -> web.StreamResponse:
        """Say that the front is there."""
        return web.Response(text="Ok.\n")

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Answer a query that may only read; without one, say that the front is there."""
        return await self.query(request) if "query" in request.query else await self.ping(request)

    async def query(self, request: web.Request) -> web.StreamResponse:
        """Answer any query."""
        with ExitStack() as stack:
            call = await read_call(request, stack)
            answer = await self._off_loop(run, self._engine, call)
        headers = self._headers(request, call, answer)
        if answer.rest is None:
            return web.Response(body=answer.first, headers=headers)
        try:
            return await self._stream(request, headers, answer.first, answer.rest)
        finally:
            await self._off_loop(answer.close)

    async def _stream(
        self, request: web.Request, headers: dict[str, str], first: bytes, rest: Iterator[bytes]
    ) -> web.StreamResponse:
        tag = secrets.token_hex(8)
        response = web.StreamResponse(headers={**headers, "X-ClickHouse-Exception-Tag": tag})
        await response.prepare(request)
        try:
            await response.write(first)
            while piece := await self._off_loop(next, rest, b""):
                await response.write(piece)
        except ConnectionError:
            return response  # the client has gone; there is nobody to tell
        except Exception as error:  # noqa: BLE001 - whatever the engine raises, the client is told
            text = ServerError.of(error).text
            block = f"\r\n__exception__\r\n{tag}\r\n{text}\n{len(text.encode())} {tag}\r\n__exception__\r\n"
            await response.write(block.encode())
            # The status said that all is well, so the answer must not look complete.
            if request.transport is not None:
                request.transport.close()
        return response

    def _headers(self, request: web.Request, call: Call, answer: Answer) -> dict[str, str]:
        query_id = request.query.get("query_id", "")
        headers = {
            "X-ClickHouse-Server-Display-Name": SERVER_NAME,
            # What is given comes back, unless it would break the header.
            "X-ClickHouse-Query-Id": query_id if _HEADER.fullmatch(query_id) else str(uuid.uuid4()),
            "X-ClickHouse-Timezone": call.settings.get("session_timezone") or self._timezone,
            "X-ClickHouse-Summary": json.dumps({name: str(count) for name, count in answer.summary.items()}),
            "Content-Type": _PLAIN,
        }
        if answer.format:
            headers["X-ClickHouse-Format"] = answer.format
            headers["Content-Type"] = _CONTENT_TYPES.get(answer.format.lower(), _PLAIN)
        return headers

    async def _off_loop(self, function: Callable[..., _T], *args: object) -> _T:
        work = asyncio.get_running_loop().run_in_executor(self._pool, function, *args)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # A handle serves one thread at a time: whoever closes it must not overtake this.
            await asyncio.wait([work])
            raise


@web.middleware
async def _guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        check_origin(request)
        return await handler(request)
    except web.HTTPException as error:
        return web.Response(status=error.status, text=f"{error.status} {error.reason}: {request.path}\n")
    except ServerError as error:
        failure = error
    except ConnectionError:
        return web.Response(status=_GONE)
    except Exception as error:  # noqa: BLE001 - told to the client and logged
        _log.exception("The HTTP front failed at %s %s", request.method, request.path)
        failure = ServerError.make(Code.UNKNOWN_EXCEPTION, f"The HTTP front failed: {error!r}")
    return web.Response(
        status=failure.status,
        text=failure.text + "\n",
        headers={
            "X-ClickHouse-Server-Display-Name": SERVER_NAME,
            "X-ClickHouse-Exception-Code": str(failure.code),
        },
    )
