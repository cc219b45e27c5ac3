"""What stands around every answer of the preview: who may ask, and what a page may do."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aiohttp import web

from schemas.errors import BadInput, HubbubError
from schemas.loopback import is_loopback, is_number, stranger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.typedefs import Middleware

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    # Charts are drawn on canvases and all text is put in as text: no page needs more than its own files.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_READING = frozenset({"GET", "HEAD"})
_UNANSWERED = 422
_FAILED = 500

_log = logging.getLogger(__name__)


def guard(host: str) -> Middleware:
    """The middleware of a preview.

    Args:
        host: The name or address that it was told to listen on: it answers to that, to the loopback's names
            and to addresses in numbers, which no other site can take over.
    """

    def is_ours(name: str) -> bool:
        return is_loopback(name) or name == host.lower() or is_number(name)

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await _answer(request, handler, is_ours)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return guarded


async def _answer(
    request: web.Request, handler: Handler, is_ours: Callable[[str], bool]
) -> web.StreamResponse:
    try:
        if why := stranger(request.headers, is_ours):
            raise web.HTTPForbidden(text=why)  # noqa: TRY301 - told like any other
        if request.method not in _READING:
            raise web.HTTPMethodNotAllowed(request.method, _READING, text="The preview is only for reading")  # noqa: TRY301
        return await handler(request)
    except web.HTTPException as error:
        return _refusal(error.status, error.text or error.reason)
    except BadInput as error:
        return _refusal(web.HTTPBadRequest.status_code, str(error))
    except HubbubError as error:
        return _refusal(_UNANSWERED, str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, one panel has failed and not the preview
        _log.error("the preview failed at %s: %r", request.path, error)
        return _refusal(_FAILED, f"the preview failed: {type(error).__name__}")


def _refusal(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)
