"""One statement of the HTTP front, run on a handle of its own.

A handle costs a tenth of a millisecond, so each statement gets a fresh one: its database, its settings and
whatever a failure leaves behind end with it.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from clickhouse_connect.driver.binding import quote_identifier

from sinks.front_errors import Code, ServerError
from sinks.front_sql import Statement, calls_input, read_statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sinks.engine import Engine
    from sinks.handle import Handle, Result

LOG_COMMENT = "hubbub front"  # marks the front's statements in system.processes
PIECE = 1 << 20  # bytes handed over at a time
_HEAD = 1 << 18  # bytes in which an INSERT must have come to its data: the engine's own max_query_size
_IN_MEMORY = 1 << 26  # bytes of a result that waits for its end; the rest of it waits on disk

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
# Formats whose blocks may simply follow each other; any other has a head or foot that must come once.
_STREAM_FORMATS = frozenset(
    {
        *("native", "rowbinary", "tabseparated", "tsv", "tabseparatedraw", "tsvraw", "csv", "lineasstring"),
        *("jsoneachrow", "jsonlines", "ndjson", "jsonstringseachrow", "jsoncompacteachrow"),
        "jsoncompactstringseachrow",
    }
)
# Names that chdb takes for its Python results, which are no bytes.
_PYTHON_FORMATS = frozenset({"dataframe", "datastore", "arrowtable"})


class Source(Protocol):
    """Bytes to read, from a file or a decompressor."""

    def read(self, size: int = ..., /) -> bytes:
        """Read up to `size` bytes, all that is left when it is negative; empty at the end."""
        ...


@dataclass(frozen=True)
class Call:
    """What a request asks for.

    Args:
        query: SQL; what `body` holds follows it after a newline.
        body: More SQL, or the data of an INSERT.
        database: The database for names without one; None for `default`.
        format: The format of results when the statement names none.
        settings: Settings of this statement.
        params: Values of `{name:Type}` in the statement, by name.
        readonly: Whether to refuse whatever changes something.
        wait_for_end: Whether to hand out nothing before the statement has come to a good end.
    """

    query: bytes
    body: Source
    database: str | None = None
    format: str = "TabSeparated"
    settings: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    readonly: bool = False
    wait_for_end: bool = False


@dataclass
class Answer:
    """A statement's result, of which the beginning is here.

    Args:
        format: The format of the result; None for a statement without one.
        first: Its first bytes, or all of them.
        rest: The bytes after those, asked for piece by piece; None when that was all.
        summary: Rows and bytes read and written so far, by ClickHouse's names for them.
        close: To be called after the last piece, or before it to cancel the statement.
    """

    format: str | None
    first: bytes
    rest: Iterator[bytes] | None
    summary: Counter[str]
    close: Callable[[], None]


def run(engine: Engine, call: Call) -> Answer:
    """Run a statement until its result is complete, or its first mebibyte is.

    Args:
        engine: The engine to run it on.
        call: What to run.

    Raises:
        ServerError: It cannot be run. A failure after the first mebibyte comes out of the answer's `rest`.
    """
    summary: Counter[str] = Counter()
    started = time.perf_counter_ns()
    with ExitStack() as stack:
        try:
            format_, pieces = _run(engine, call, summary, stack)
            first, ended = _gather(pieces)
        except Exception as error:
            raise ServerError.of(error) from error
        summary["elapsed_ns"] = time.perf_counter_ns() - started
        if ended:
            return Answer(format_, first, None, summary, _nothing)
        return Answer(format_, first, pieces, summary, stack.pop_all().close)


def _run(
    engine: Engine, call: Call, summary: Counter[str], stack: ExitStack
) -> tuple[str | None, Iterator[bytes]]:
    sql = (call.query + b"\n" if call.query else b"") + call.body.read(_HEAD)
    statement = read_statement(sql)
    if statement.data_start is None and (more := call.body.read(-1)):
        sql += more
        statement = read_statement(sql)
    _refuse(statement, sql)
    format_ = _known(statement.format or call.format)

    handle = engine.handle()
    stack.callback(handle.close)
    _prepare(handle, call)
    if statement.data_start is not None:
        data = chain([sql[statement.data_start :]], iter(partial(call.body.read, PIECE), b""))
        _insert(
            handle,
            (sql[: statement.file_at], sql[statement.file_at : statement.head_end]),
            format_,
            data,
            summary,
        )
        return None, iter(())
    if statement.streams and format_.lower() in _STREAM_FORMATS:
        stream = handle.send_query(sql, format_, call.params)
        stack.callback(stream.close)
        pieces = _blocks(stream, summary)
        return format_, _to_the_end(pieces, stack) if call.wait_for_end else pieces
    result = handle.query(sql, format_, call.params)
    summary.update(_counts(result))
    return format_ if statement.has_result else None, _slices(result)


def _refuse(statement: Statement, sql: bytes) -> None:
    if not statement.verb:
        raise ServerError.make(Code.SYNTAX_ERROR, "Syntax error: Empty query")
    if statement.several:
        raise ServerError.make(Code.SYNTAX_ERROR, "Syntax error (Multi-statements are not allowed)")
    if clause := statement.names_file:
        raise ServerError.make(Code.INTO_OUTFILE_NOT_ALLOWED, f"{clause} is not allowed over HTTP")
    if statement.selects_into and calls_input(sql):
        # The engine would take it for an INSERT of nothing, and say that all is well.
        raise ServerError.make(Code.NOT_IMPLEMENTED, "input() is not supported: insert the rows as they are")


def _known(format_: str) -> str:
    if not _NAME.fullmatch(format_) or format_.lower() in _PYTHON_FORMATS:
        raise ServerError.make(Code.UNKNOWN_FORMAT, f"Unknown format {format_[:80]}")
    return format_


def _prepare(handle: Handle, call: Call) -> None:
    # A server does not take `1 + 1` for a query; the embedded engine does unless told not to.
    settings = {"implicit_select": "0", **call.settings}
    settings["log_comment"] = f"{LOG_COMMENT} {settings.get('log_comment', '')}"
    readonly = settings.pop("readonly", "0")
    if call.readonly and readonly == "0":
        readonly = "2"
    for name in settings:
        if not _NAME.fullmatch(name):
            raise ServerError.make(Code.UNKNOWN_SETTING, f"Unknown setting '{name[:80]}'")
    handle.query("SET " + ", ".join(f"{name} = {_quoted(value)}" for name, value in settings.items()))
    if call.database:
        handle.query(f"USE {quote_identifier(call.database)}")
    if readonly != "0":
        handle.query(f"SET readonly = {_quoted(readonly)}")  # the last: nothing can be set after it


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _insert(
    handle: Handle, head: tuple[bytes, bytes], format_: str, data: Iterable[bytes], summary: Counter[str]
) -> None:
    # Not by chdb's own way to insert in pieces: when the table refuses the rows (too many parts, no room on
    # the disk) that says all the same that they are written.
    with tempfile.NamedTemporaryFile(prefix="hubbub-insert-") as file:
        file.writelines(data)
        file.flush()
        into, settings = head
        clause = f" FROM INFILE {_quoted(file.name)} COMPRESSION 'none' ".encode()
        done = handle.query(into + clause + settings + f" FORMAT {format_}".encode())
    summary.update(written_rows=done.rows_written(), written_bytes=done.bytes_written())


def _blocks(stream: Iterable[Result], summary: Counter[str]) -> Iterator[bytes]:
    for block in stream:
        summary.update(_counts(block))
        if data := block.bytes():
            yield data


def _to_the_end(pieces: Iterable[bytes], stack: ExitStack) -> Iterator[bytes]:
    kept = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - the stack is one
    for piece in pieces:
        kept.write(piece)
    kept.seek(0)
    return iter(partial(kept.read, PIECE), b"")


def _slices(result: Result) -> Iterator[bytes]:
    view = result.get_memview().view()
    for start in range(0, len(view), PIECE):
        yield bytes(view[start : start + PIECE])


def _counts(result: Result) -> dict[str, int]:
    return {
        "read_rows": result.storage_rows_read(),
        "read_bytes": result.storage_bytes_read(),
        "written_rows": result.rows_written(),
        "written_bytes": result.bytes_written(),
        "result_rows": result.rows_read(),
    }


def _gather(pieces: Iterator[bytes]) -> tuple[bytes, bool]:
    first = bytearray()
    for piece in pieces:
        first += piece
        if len(first) >= PIECE:
            return bytes(first), False
    return bytes(first), True


def _nothing() -> None:
    pass
