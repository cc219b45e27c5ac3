"""The preview's addresses, and what is answered there. SQL comes from the dashboards, never a browser."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from dashboards.config import PIPELINE
from dashboards.macros import MacroError, expand
from dashboards.preview.catalogue import target, variable_query
from dashboards.preview.guard import guard
from dashboards.preview.scope import read_scope
from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from datetime import timedelta

    from dashboards.preview.catalogue import Catalogue, Json
    from dashboards.preview.scope import Scope
    from dashboards.preview.source import Source

STATIC = Path(__file__).parent / "static"
_T = TypeVar("_T")


class App:
    """What the preview answers.

    Args:
        catalogue: The dashboards.
        source: The database.
        pool: Where queries run.
        host: The name that the preview goes by.
    """

    def __init__(self, catalogue: Catalogue, source: Source, pool: Executor, host: str) -> None:
        self._catalogue = catalogue
        self._source = source
        self._pool = pool
        self._host = host

    def build(self) -> web.Application:
        """Make the application to serve."""
        app = web.Application(middlewares=[guard(self._host)])
        add = app.router.add_get
        add("/", self.first)
        add("/d/{uid}", self.page)  # as in Grafana, so that links of the dashboards lead here too
        add("/d/{uid}/{slug}", self.page)
        app.router.add_static("/static/", STATIC)
        add("/api/dashboards", self.listed)
        add("/api/dashboards/{uid}", self.dashboard)
        add("/api/dashboards/{uid}/panels/{panel}/{ref}", self.panel)
        add("/api/dashboards/{uid}/variables/{name}", self.variable)
        add("/api/dashboards/{uid}/newest", self.newest)
        return app

    async def first(self, _: web.Request) -> web.StreamResponse:
        """Go to the first dashboard."""
        boards = await self._off_loop(self._catalogue.listed)
        return web.Response(status=web.HTTPFound.status_code, headers={"Location": f"/d/{boards[0]['uid']}"})

    async def page(self, _: web.Request) -> web.StreamResponse:
        """Give the page, which finds out by its address what to show."""
        return web.FileResponse(STATIC / "index.html")

    async def listed(self, _: web.Request) -> web.StreamResponse:
        """List the dashboards."""
        return _json(await self._off_loop(self._catalogue.listed))

    async def dashboard(self, request: web.Request) -> web.StreamResponse:
        """Give a dashboard as it was generated."""
        return _json(await self._board(request))

    async def panel(self, request: web.Request) -> web.StreamResponse:
        """Run a panel's query; `refresh` and the like are the browser's business."""
        board, ref = await self._board(request), request.match_info["ref"]
        number = request.match_info["panel"]
        found = target(board, int(number), ref) if number.isascii() and number.isdigit() else None
        if found is None:
            raise web.HTTPNotFound(text=f"panel {number} has no query {ref}")
        panel, asked = found
        scope = read_scope(list(request.query.items())).of_panel(panel.get("timeFrom") or "")
        interval = scope.interval(panel.get("interval") or "")
        return await self._run(asked["rawSql"], scope, interval)

    async def variable(self, request: web.Request) -> web.StreamResponse:
        """List a variable's values."""
        board, name = await self._board(request), request.match_info["name"]
        query = variable_query(board, name)
        if query is None:
            raise web.HTTPNotFound(text=f"no variable {name} has a query")
        scope = read_scope(list(request.query.items()))
        return await self._run(query, scope, scope.interval())

    async def newest(self, request: web.Request) -> web.StreamResponse:
        """Tell how far the messages go, how far a dashboard's data does, and what time it is here."""
        newest = latest = await self._off_loop(self._source.newest)
        if (
            request.match_info["uid"] == PIPELINE
        ):  # workers live by the clock, whatever time their messages are of
            latest = await self._off_loop(self._source.looked_at) or newest
        now = datetime.now(UTC)
        return _json({"newest": newest and _ms(newest), "latest": latest and _ms(latest), "now": _ms(now)})

    async def _run(self, query: str, scope: Scope, interval: timedelta) -> web.Response:
        try:
            sql = expand(query, scope.start, scope.end, interval, scope.variables)
        except MacroError as error:
            raise Stop(str(error)) from None
        table = await self._off_loop(self._source.table, sql)
        answer = {
            "columns": [{"name": name, "type": kind} for name, kind in table.columns],
            "rows": table.rows,
            "from": _ms(scope.start),
            "to": _ms(scope.end),
            "interval": int(interval.total_seconds() * 1000),
            "sql": sql,
        }
        return _json(answer)

    async def _board(self, request: web.Request) -> Json:
        uid = request.match_info["uid"]
        board = await self._off_loop(self._catalogue.dashboard, uid)
        if board is None:
            raise web.HTTPNotFound(text=f"no dashboard {uid}")
        return board

    async def _off_loop(self, function: Callable[..., _T], *args: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)


def _json(value: object) -> web.Response:
    return web.json_response(text=json.dumps(value, ensure_ascii=False, allow_nan=False))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
