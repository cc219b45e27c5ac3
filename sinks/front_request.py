"""From an HTTP request to the call that it asks for."""

from __future__ import annotations

import io
import tempfile
from typing import IO, TYPE_CHECKING

import pyarrow as pa

from schemas.loopback import is_loopback, stranger
from sinks.front_errors import Code, ServerError
from sinks.front_query import Call, Source

if TYPE_CHECKING:
    from contextlib import ExitStack

    from aiohttp import web

_IN_MEMORY = 1 << 24  # bytes of a request's body; a longer one waits on disk

# What `Content-Encoding` says, and pyarrow's name for it; its gzip reads zlib's format too.
_CODECS = {
    "gzip": "gzip",
    "x-gzip": "gzip",
    "deflate": "gzip",
    "br": "brotli",
    "lz4": "lz4",
    "zstd": "zstd",
    "bz2": "bz2",
}

# Parameters that are no settings of the engine; those that are neither here nor `param_...` are.
_NO_SETTINGS = frozenset(
    {
        *(
            "query",
            "database",
            "default_format",
            "wait_end_of_query",
            "buffer_size",
            "compress",
            "decompress",
        ),
        *("user", "password", "quota_key", "role", "stacktrace", "query_id", "client_protocol_version"),
        *("session_id", "session_timeout", "session_check", "close_session"),
    }
)


def check_origin(request: web.Request) -> None:
    """Refuse what another web page makes a browser send.

    Raises:
        ServerError: The Host is not this machine's loopback (DNS rebinding), or a page from elsewhere asks.
    """
    if why := stranger(request.headers, is_loopback):
        raise ServerError.make(Code.ACCESS_DENIED, why)


async def read_call(request: web.Request, stack: ExitStack) -> Call:
    """Read a whole request: nothing of it is run when the client breaks off in the middle.

    Args:
        request: The request.
        stack: Closes what keeps the body, once the call has been run.

    Raises:
        ServerError: It asks for something that there is not here, or makes no sense.
    """
    options = dict(request.query)
    body: Source = io.BytesIO()
    if request.content_type == "multipart/form-data":
        options |= await _read_form(request)
    else:
        body = _decompressed(await _read_body(request, stack), request.headers.get("Content-Encoding", ""))
    for option in ("compress", "decompress"):
        if options.get(option, "0") not in ("0", ""):
            raise ServerError.make(
                Code.NOT_IMPLEMENTED, f"{option}=1 is not supported: use Content-Encoding and Accept-Encoding"
            )
    headers = request.headers
    return Call(
        query=options.get("query", "").encode(errors="surrogateescape"),
        body=body,
        database=options.get("database") or headers.get("X-ClickHouse-Database"),
        format=options.get("default_format") or headers.get("X-ClickHouse-Format") or "TabSeparated",
        settings={
            name: value
            for name, value in options.items()
            if name not in _NO_SETTINGS and not name.startswith("param_")
        },
        params={name[6:]: value for name, value in options.items() if name.startswith("param_")},
        readonly=request.method != "POST",
        wait_for_end=options.get("wait_end_of_query", "0") not in ("0", ""),
    )


async def _read_form(request: web.Request) -> dict[str, str]:
    try:
        form = await request.post()
    except ValueError as error:
        raise ServerError.make(Code.BAD_ARGUMENTS, f"Cannot read the form: {error}") from error
    fields: dict[str, str] = {}
    for name, value in form.items():
        if not isinstance(value, str):
            raise ServerError.make(Code.NOT_IMPLEMENTED, "External data is not supported")
        fields[name] = value
    return fields


async def _read_body(request: web.Request, stack: ExitStack) -> IO[bytes]:
    body = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - the stack is one
    async for piece in request.content.iter_any():
        body.write(piece)
    body.seek(0)
    return body


def _decompressed(body: IO[bytes], encoding: str) -> Source:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in _CODECS:
        raise ServerError.make(Code.NOT_IMPLEMENTED, f"Unknown compression method: {encoding[:80]}")
    return _Decompressor(body, encoding)


class _Decompressor:
    def __init__(self, body: IO[bytes], encoding: str) -> None:
        self._stream = pa.CompressedInputStream(body, _CODECS[encoding])
        self._encoding = encoding

    def read(self, size: int = -1, /) -> bytes:
        try:
            data: bytes = self._stream.read(None if size < 0 else size)
        except OSError as error:
            raise ServerError.make(
                Code.CANNOT_DECOMPRESS, f"Cannot decompress the {self._encoding} body: {error}"
            ) from error
        return data
