"""The tables: which rows they hold, what makes two rows the same, and which of the two wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from schemas.rows import (
    ActivityRow,
    AlertHistoryRow,
    AlertStateRow,
    ConversationRow,
    DeadLetterRow,
    EpochRow,
    ForgottenRow,
    InteractionRow,
    MinuteRow,
    ReconcileRow,
    RegistryChangeRow,
    RegistryRow,
    Row,
    StorageMinuteRow,
    WorkerMinuteRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Table(Generic[R]):
    """One table.

    Args:
        name: Its name in the database.
        row: The model of its rows; the model's fields are the columns.
        key: What two rows of the same thing have in common.
        version: The row with the larger one wins; of two equal ones, the row that is written last.
    """

    name: str
    row: type[R]
    key: Callable[[R], tuple[object, ...]]
    version: Callable[[R], object]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the model."""
        return tuple(self.row.model_fields)


DEAD_LETTERS = Table(
    "dead_letters",
    DeadLetterRow,
    lambda row: (row.source_topic, row.source_epoch, row.source_partition, row.source_offset),
    lambda row: row.refused_at,
)
MINUTES = Table(
    "dialogue_minutes",
    MinuteRow,
    lambda row: (row.minute, row.brand, row.platform, row.source_epoch, row.source_partition),
    lambda row: row.applied,
)
CONVERSATIONS = Table(
    "conversations",
    ConversationRow,
    lambda row: (row.conversation, row.platform, row.brand),
    lambda row: row.seen,
)
INTERACTIONS = Table(
    "interactions",
    InteractionRow,
    lambda row: (row.brand, row.published.date(), row.platform, row.id, row.activity),
    lambda row: row.seen,
)
ACTIVITIES = Table(
    "activities",
    ActivityRow,
    lambda row: (row.thread, row.platform, row.id, row.activity, row.version),
    lambda row: row.seen,
)
REGISTRY_CHANGES = Table(
    "registry_changes",
    RegistryChangeRow,
    lambda row: (row.source_epoch, row.source_partition, row.source_offset),
    lambda row: row.version,
)
EPOCHS = Table(
    "epochs",
    EpochRow,
    lambda row: (row.epoch, row.topic, row.topic_id),
    lambda row: row.began_at,
)
FORGOTTEN = Table(
    "forgotten_accounts",
    ForgottenRow,
    lambda row: (row.source_epoch, row.source_partition, row.source_offset, row.platform, row.account),
    lambda row: row.until,
)
REGISTRIES = Table(
    "registries",
    RegistryRow,
    lambda row: (row.version,),
    lambda row: row.stored_at,
)
ALERT_STATES = Table(
    "alert_states",
    AlertStateRow,
    lambda row: (row.brand, row.alert),
    lambda row: row.judged_at,
)
ALERT_HISTORY = Table(
    "alert_history",
    AlertHistoryRow,
    lambda row: (row.brand, row.alert, row.day),
    lambda row: row.judged_at,
)
WORKER_MINUTES = Table(
    "worker_minutes",
    WorkerMinuteRow,
    lambda row: (row.minute, row.worker, row.started_at),
    lambda row: row.looked_at,
)
STORAGE_MINUTES = Table(
    "storage_minutes",
    StorageMinuteRow,
    lambda row: (row.minute, row.name),
    lambda row: row.looked_at,
)
RECONCILE_RUNS = Table(
    "reconcile_runs",
    ReconcileRow,
    lambda row: (row.ended_at,),
    lambda row: row.ended_at,
)
