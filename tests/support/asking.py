"""Requests over HTTP, as curl makes them."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from email.message import Message

    from sinks.front import Front


@dataclass
class Reply:
    status: int
    headers: Message
    body: bytes

    @property
    def code(self) -> str | None:
        return self.headers["X-ClickHouse-Exception-Code"]


def ask(
    front: Front,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    path: str = "/",
    **options: str,
) -> Reply:
    """What curl would get: a GET without a body, a POST with one."""
    url = front.address + path + ("?" + urlencode(options) if options else "")
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=30) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())
