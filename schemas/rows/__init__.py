"""One frozen model for each table: a row is what the pipeline sets, column by column.

`seen` and `applied` say how much a row has seen; the row that has seen more wins (ReplacingMergeTree).
`removed` rows take back an earlier row of the same key. `source_*` tell where the newest event behind the
row came from: the topic's epoch, partition and offset.
"""

from schemas.rows.activities import FENCE_MARK, FORGET_MARK, MARKS, SETTLE_MARK, ActivityRow
from schemas.rows.alerts import AlertHistoryRow, AlertStateRow
from schemas.rows.columns import ColumnarRows
from schemas.rows.dialogue import SUMS, ConversationRow, InteractionRow, MinuteRow
from schemas.rows.log import DeadLetterRow, EpochRow, ForgottenRow, RegistryChangeRow, RegistryRow
from schemas.rows.operations import ReconcileRow, StorageMinuteRow, WorkerMinuteRow
from schemas.rows.row import Row

__all__ = [
    "FENCE_MARK",
    "FORGET_MARK",
    "MARKS",
    "SETTLE_MARK",
    "SUMS",
    "ActivityRow",
    "AlertHistoryRow",
    "AlertStateRow",
    "ColumnarRows",
    "ConversationRow",
    "DeadLetterRow",
    "EpochRow",
    "ForgottenRow",
    "InteractionRow",
    "MinuteRow",
    "ReconcileRow",
    "RegistryChangeRow",
    "RegistryRow",
    "Row",
    "StorageMinuteRow",
    "WorkerMinuteRow",
]
