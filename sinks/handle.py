"""A handle on the embedded engine: what is used of chdb's connections, and what must be known about them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Iterator


class Result(Protocol):
    """A result, or one block of it."""

    def bytes(self) -> bytes:
        """Give a copy of it."""

    def get_memview(self) -> Any:  # noqa: ANN401
        """Give something whose `view()` looks at it without a copy."""

    def rows_read(self) -> int:
        """Count the rows of the result."""

    def rows_written(self) -> int:
        """Count the rows that an INSERT stored."""

    def bytes_written(self) -> int:
        """Count the bytes that an INSERT stored."""

    def storage_rows_read(self) -> int:
        """Count the rows that were read from tables."""

    def storage_bytes_read(self) -> int:
        """Count the bytes that were read from tables."""


class Stream(Protocol):
    """A result that comes in blocks; the handle can do nothing else until its end."""

    def __iter__(self) -> Iterator[Result]: ...

    def close(self) -> None:
        """Cancel what is left of it."""


class Handle(Protocol):
    """A connection to the engine: one statement at a time, in any thread. To open one takes 0.1 ms.

    `query` leaves a trace when it fails: chdb 26.9 keeps what the statement had written so far and puts it in
    front of the *next* result of this handle, where it reads as rows. So drop a handle after a failure, or
    `rinse` it.
    """

    def query(self, sql: str | bytes, format_: str = ..., params: dict[str, str] | None = ..., /) -> Result:
        """Run a statement to its end."""

    def send_query(self, sql: str | bytes, format_: str, params: dict[str, str] | None = ..., /) -> Stream:
        """Start a SELECT."""

    def close(self) -> None:
        """Let go of it; with the last one, the engine ends."""


def connect(path: str) -> Handle:
    """Open a handle.

    Args:
        path: The engine's folder; a process can have one at a time, always spelled the same way.

    Raises:
        Stop: chdb is not installed, or cannot use the folder.
    """
    try:
        import chdb  # noqa: PLC0415 - an extra: who uses a server does not need it
    except ImportError as error:
        raise Stop("the embedded engine is not installed: pip install 'hubbub[embedded]'") from error
    try:
        handle: Handle = chdb.connect(path)  # type: ignore[no-untyped-call]
    except RuntimeError as error:
        first = str(error).partition("\n")[0]
        raise Stop(f"cannot open the embedded engine in {path}: {first}") from error
    return handle


class Rinsed:
    """A handle whose failed statements leave nothing behind, for clients that know nothing of that.

    Args:
        handle: The handle; all that is not `query` goes straight to it.
    """

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def query(self, sql: str | bytes, format: str = "CSV", params: dict[str, str] | None = None) -> Result:  # noqa: A002 - chdb's name for it
        """Run a statement; when it fails, throw away what would come in front of the next result."""
        try:
            return self._handle.query(sql, format, params)
        except Exception:
            with suppress(Exception):
                self._handle.query("SELECT 1", "Null")
            raise

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._handle, name)
