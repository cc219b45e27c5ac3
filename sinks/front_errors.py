"""What the HTTP front says when a query cannot be answered: ClickHouse's codes, texts and statuses."""

from __future__ import annotations

import re
from enum import IntEnum

# As a ClickHouse server maps them; whatever is not here is a 500.
_STATUSES = {
    "REQUIRED_PASSWORD": 401,
    **dict.fromkeys(("UNKNOWN_USER", "WRONG_PASSWORD", "AUTHENTICATION_FAILED", "ACCESS_DENIED"), 403),
    **dict.fromkeys(
        (
            *("BAD_ARGUMENTS", "SYNTAX_ERROR", "INCORRECT_DATA", "TYPE_MISMATCH", "CANNOT_COMPILE_REGEXP"),
            *(
                "DUPLICATE_COLUMN",
                "ILLEGAL_COLUMN",
                "THERE_IS_NO_COLUMN",
                "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
            ),
            *("UNKNOWN_ELEMENT_IN_AST", "UNKNOWN_TYPE_OF_AST_NODE", "UNEXPECTED_AST_STRUCTURE"),
            *("TOO_DEEP_AST", "TOO_BIG_AST"),
            *(
                f"CANNOT_PARSE_{what}"
                for what in ("TEXT", "ESCAPE_SEQUENCE", "QUOTED_STRING", "DATE", "DATETIME")
            ),
            *(
                f"CANNOT_PARSE_{what}"
                for what in ("NUMBER", "DOMAIN_VALUE_FROM_STRING", "IPV4", "IPV6", "UUID")
            ),
            "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
        ),
        400,
    ),
    **dict.fromkeys(
        (
            *(
                "UNKNOWN_TABLE",
                "UNKNOWN_DATABASE",
                "UNKNOWN_DATABASE_ENGINE",
                "UNKNOWN_STORAGE",
                "UNKNOWN_FORMAT",
            ),
            *("UNKNOWN_FUNCTION", "UNKNOWN_AGGREGATE_FUNCTION", "UNKNOWN_IDENTIFIER", "UNKNOWN_TYPE"),
            *("UNKNOWN_SETTING", "UNKNOWN_DIRECTION_OF_SORTING", "UNKNOWN_TYPE_OF_QUERY", "UNKNOWN_ROLE"),
        ),
        404,
    ),
    "TIMEOUT_EXCEEDED": 408,
    "QUERY_IS_TOO_LARGE": 413,
    "NOT_IMPLEMENTED": 501,
    **dict.fromkeys(("SOCKET_TIMEOUT", "CANNOT_OPEN_FILE", "CANNOT_SCHEDULE_TASK"), 503),
}

_CODE = re.compile(r"Code: (\d+)\. ")
_NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)")


class Code(IntEnum):
    """The errors that the front finds by itself, with ClickHouse's numbers for them."""

    BAD_ARGUMENTS = 36
    NOT_IMPLEMENTED = 48
    SYNTAX_ERROR = 62
    UNKNOWN_FORMAT = 73
    UNKNOWN_SETTING = 115
    CANNOT_DECOMPRESS = 271
    INTO_OUTFILE_NOT_ALLOWED = 358
    ACCESS_DENIED = 497
    UNKNOWN_EXCEPTION = 1002


class ServerError(Exception):
    """An error as a ClickHouse server words it.

    Args:
        code: ClickHouse's number for it.
        text: The whole of it, from `Code: ` on.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text

    @property
    def status(self) -> int:
        """The HTTP status that goes with it."""
        # A text may have lost its end, and the name with it: chdb cuts it where the query has a zero byte.
        names = _NAME.findall(self.text) or [code.name for code in Code if code == self.code] or [""]
        return _STATUSES.get(names[-1], 500)

    @classmethod
    def make(cls, code: Code, message: str) -> ServerError:
        """Word an error that the front itself found."""
        return cls(code, f"Code: {code.value}. DB::Exception: {message}. ({code.name})")

    @classmethod
    def of(cls, error: Exception) -> ServerError:
        """Read an error of the engine, which comes wrapped in sentences of its own."""
        if isinstance(error, cls):
            return error
        # The engine quotes what it was given; bytes that are no UTF-8 keep chdb from reading its sentence.
        broken = error if isinstance(error, UnicodeDecodeError) else error.__cause__
        text = (
            broken.object.decode(errors="replace") if isinstance(broken, UnicodeDecodeError) else str(error)
        )
        if found := _CODE.search(text):
            return cls(int(found[1]), text[found.start() :].strip())
        return cls.make(Code.UNKNOWN_EXCEPTION, text or type(error).__name__)
