"""The worker's health over HTTP: `/health` for people and readiness, `/live` for restarts, `/metrics`."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from aiohttp import web
from mode import Service
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest

from schemas.errors import BadInput
from streams.health import State
from streams.instruments import Instruments

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from streams.health import Vitals

_BUSY = 503


class HealthServer(Service):
    """Answers while the worker lives, whatever state it is in.

    It listens from the beginning: a service of Faust that cannot start has no way to say why.

    Args:
        address: Where to listen, `host:port`; port 0 for a free one.
        vitals: Gives the worker's state as of now.

    Raises:
        BadInput: That address cannot be listened on.
    """

    def __init__(self, address: str, vitals: Callable[[], Awaitable[Vitals]], **service: Any) -> None:  # noqa: ANN401 - mode's own
        self._listener = _listen(address)
        super().__init__(**service)
        self._vitals = vitals
        self._runner: web.AppRunner | None = None

    async def on_start(self) -> None:
        """Answer."""
        app = web.Application()
        app.router.add_get("/health", self._health)
        app.router.add_get("/live", self._live)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.SockSite(self._runner, self._listener).start()

    async def on_stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
        self._listener.close()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._listener.getsockname()[1])

    async def _health(self, _: web.Request) -> web.Response:
        health, status, lag, oldest = await self._vitals()
        report = {
            "state": status.state,
            "since": _moment(status.since),
            "reason": status.reason,
            "partitions": sorted(lag),
            "lag": {str(partition): messages for partition, messages in sorted(lag.items())},
            "last_stored": _moment(health.last_stored),
            "oldest_unstored": _moment(oldest),
            "version": version("hubbub"),
        }
        return web.json_response(report, status=200 if status.state is State.OK else _BUSY)

    async def _live(self, _: web.Request) -> web.Response:
        """Say that the process runs: an outage is waited out, so it is no reason to start it again."""
        return web.Response(text="yes\n")

    async def _metrics(self, _: web.Request) -> web.Response:
        registry = CollectorRegistry()
        registry.register(Instruments(await self._vitals()))
        ProcessCollector(registry=registry)
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _listen(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=family)
    except (OSError, OverflowError) as error:
        raise BadInput(
            f"{address} cannot be listened on ({error}): choose another port, or leave it empty",
            where="HUBBUB_HEALTH",
        ) from None


def nth_address(address: str, number: int) -> str:
    """The address for one of several workers: the port counted up. A free port stays one, nowhere nowhere."""
    host, _, port = address.rpartition(":")
    return f"{host}:{int(port) + number}" if address and int(port) else address


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
