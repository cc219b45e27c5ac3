"""A change of an alert as a message of the topic of the alerts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from schemas.alerts import BY_ID

if TYPE_CHECKING:
    from schemas.rows import AlertHistoryRow

RUNBOOK = "docs/runbook.md"


def sentence(row: AlertHistoryRow) -> str:
    """The change in words, for people."""
    withdrawn = ", withdrawn: late events say otherwise" if row.withdrawn else ""
    change = f"{row.before or 'new'} -> {row.state}"
    return f"{row.day} {row.brand} {row.alert} {BY_ID[row.alert].name}: {change}{withdrawn}"


def encode(row: AlertHistoryRow) -> tuple[bytes, bytes]:
    """Key and value. The key names the change, so that whoever gets it twice can tell.

    Args:
        row: The change, or its withdrawal.
    """
    alert = BY_ID[row.alert]
    key = f"{row.brand}/{row.alert}/{row.day}"
    told = row.model_dump(mode="json", exclude={"published_at"})
    value = {"id": key, "name": alert.name, "runbook": f"{RUNBOOK}#{alert.runbook}", **told}
    return key.encode(), json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
