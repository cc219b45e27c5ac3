"""Errors, named by the reaction that they ask for.

HubbubError
├── RetryLater      a fault outside (ClickHouse, Kafka): wait and try again
│   └── Superseded  the tables were rebuilt: forget what was read, and fold again
├── Refused         one event is unusable: to the dead letters, the stream goes on
└── Stop            nothing more can be done: one clear line for the user, exit code 2
    └── BadInput    what the user gave is wrong: where, and what to do about it
"""

from __future__ import annotations


class HubbubError(Exception):
    """The root of every error that hubbub raises on purpose."""


class RetryLater(HubbubError):  # noqa: N818 - named for the reaction, not for the mishap
    """A fault outside that may pass.

    Args:
        message: What happened, without secrets.
        retry_after: Seconds to wait at the least before the next try.
        cause: A short, stable name such as `TOO_MANY_PARTS`, to count by.
    """

    def __init__(self, message: str, *, retry_after: float = 1.0, cause: str = "other") -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.cause = cause


class Superseded(RetryLater):
    """The tables were rebuilt, or are being: what was folded from the old ones must not be written."""


class Refused(HubbubError):  # noqa: N818
    """One event that cannot be used.

    Args:
        reason: A short, stable name such as `unreadable`, `missing` or `wrong_type`.
        field: Path of the field at fault, dotted; empty when the whole event is.
        detail: What is wrong with it, in words.
    """

    def __init__(self, reason: str, *, field: str = "", detail: str = "") -> None:
        super().__init__(": ".join(part for part in (reason, field, detail) if part))
        self.reason = reason
        self.field = field
        self.detail = detail

    def bare(self) -> Refused:
        """The same, without the frames it came through: they hold a whole batch for as long as it lives."""
        return Refused(self.reason, field=self.field, detail=self.detail)


class Stop(HubbubError):  # noqa: N818
    """Nothing more can be done here; the message is one line that says what to do."""


class BadInput(Stop):
    """What the user gave is wrong.

    Args:
        message: What is wrong and what to do about it.
        where: The file, with line and field where they are known, or the option.
    """

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where
