"""An HTTP proxy in front of ClickHouse that can be told to misbehave as servers and networks do."""

from __future__ import annotations

import http.client
import socket
import socketserver
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

HOST = "127.0.0.1"


class Fickle:
    """Passes requests on, until it is told otherwise. A context manager.

    Args:
        upstream: The port of the real server on this machine.
    """

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self._listener: _Listener | None = None
        self.open: set[socket.socket] = set()
        self.mood: Callable[[_Request], None] = _Request.pass_on
        self._recovered = threading.Event()
        self.port = 0
        self.misled = 0
        """Requests that were not answered as the server would have."""

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        self._recovered.set()
        self._hang_up()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Nobody listens, and nobody is connected."""
        self._hang_up()
        try:
            yield
        finally:
            self._listen()

    def hanging(self) -> AbstractContextManager[None]:
        """Requests are taken and never answered; after that, their connections are cut."""
        return self._in_mood(lambda _: self._recovered.wait())

    def slow(self, seconds: float) -> AbstractContextManager[None]:
        """Requests wait before they are passed on."""

        def answer(request: _Request) -> None:
            self._recovered.wait(seconds)
            request.pass_on()

        return self._in_mood(answer)

    def cutting(self, kept: int) -> AbstractContextManager[None]:
        """Answers are cut after some bytes of their body; what was asked for has happened."""
        return self._in_mood(lambda request: request.pass_on(kept=kept))

    def answering(self, status: int, body: bytes) -> AbstractContextManager[None]:
        """Something else answers, and the server hears nothing."""
        return self._in_mood(lambda request: request.answer(status, body))

    def with_settings(self, **settings: object) -> AbstractContextManager[None]:
        """The server gets settings of ours with every request."""
        return self._in_mood(lambda request: request.pass_on(settings=settings))

    @contextmanager
    def _in_mood(self, mood: Callable[[_Request], None]) -> Iterator[None]:
        self._recovered.clear()
        self.mood = mood
        try:
            yield
        finally:
            self.mood = _Request.pass_on
            self._recovered.set()

    def _listen(self) -> None:
        self._listener = _Listener(self, self.port)
        self.port = self._listener.server_address[1]
        threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def _hang_up(self) -> None:
        self._listener.shutdown()
        self._listener.server_close()
        for connection in list(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, fickle: Fickle, port: int) -> None:
        self.fickle = fickle
        super().__init__((HOST, port), _Request)

    def handle_error(self, *_: object) -> None:
        """Clients go away; that is what they are tested for."""


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self.server.fickle.open.add(self.connection)

    def finish(self) -> None:
        self.server.fickle.open.discard(self.connection)
        super().finish()

    def do_POST(self) -> None:
        self.body = self._read_body()
        fickle = self.server.fickle
        mood = fickle.mood
        if mood is not _Request.pass_on:
            fickle.misled += 1
            self.close_connection = True
        mood(self)

    do_GET = do_POST  # noqa: N815

    def pass_on(self, *, settings: dict[str, object] | None = None, kept: int | None = None) -> None:
        extra = "&" + urlencode(settings) if settings else ""
        upstream = http.client.HTTPConnection(HOST, self.server.fickle.upstream)
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {"transfer-encoding", "content-length"}
        }
        upstream.request(self.command, self.path + extra, self.body, headers)
        response = upstream.getresponse()
        content = response.read()
        upstream.close()
        self.send_response_only(response.status)
        for name, value in response.getheaders():
            if name.lower() not in {"transfer-encoding", "content-length", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) if kept is None else len(content) + 1))
        self.end_headers()
        self.wfile.write(content[:kept])

    def answer(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def log_message(self, *_: object) -> None:
        pass
