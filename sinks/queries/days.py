"""What the alerts are told of each day: counts that are final once the day is over.

Whatever waits for something is counted on the day on which its time is up, so that a day's counts hang on
nothing that happens after it: an exchange when its promised time ends, a post when it is 24 hours old.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics import DECIDED
from sinks.queries.dialogue import dialogue
from sinks.queries.exchanges import PROMISED
from sinks.queries.over import COUNTS, OF_CUSTOMER

if TYPE_CHECKING:
    from sinks.queries.over import Over

RIPE = "INTERVAL 24 HOUR"
"""How long a post is given to be answered."""
COLUMNS = ("bo", "bc", "decided", "messages", "inbound", "due", "in_time", "posts", "answers")


def days(over: Over) -> str:
    """SQL for `at`, the keys and `COLUMNS`, which `streams.alerts.days.Counts` explains.

    Windows without any of it are not there.
    """
    ripe = f"started_at + {RIPE}"
    of_brand = f"actor_role = 'brand' AND {COUNTS} AND id = conversation AND depth = 0"
    minutes = _counted(
        bo="bo", bc="bc", decided=DECIDED, messages=f"{DECIDED} + undecided", inbound="cb + cc + co + cx"
    )
    exchanges = _counted(due="count()", in_time=f"countIf(ifNull(exchange_reply_at <= {PROMISED}, false))")
    posts = _counted(posts="countIf(roots > 0)", answers="sumIf(replies, roots > 0)")
    return f"""
        SELECT at, {over.by}, {", ".join(f"sum(told.{name}) AS {name}" for name in COLUMNS)}
        FROM (
            SELECT at, {over.by}, {minutes} FROM ({dialogue(over)})
            UNION ALL
            SELECT {over.bucket(PROMISED)} AS at, {over.by}, {exchanges}
            FROM {over.interactions}
            WHERE {over.before("published")} AND exchange_sla IS NOT NULL AND {over.inside(PROMISED)}
            GROUP BY at, {over.by}
            UNION ALL
            SELECT {over.bucket(ripe)} AS at, {over.by}, {posts}
            FROM (
                SELECT
                    brand, platform, started_at, countIf({of_brand}) AS roots,
                    countIf({OF_CUSTOMER} AND published <= {ripe}) AS replies
                FROM {over.interactions}
                WHERE {over.within("published", since=RIPE)} AND direction IS NOT NULL AND {over.inside(ripe)}
                GROUP BY brand, platform, conversation, started_at
            )
            GROUP BY at, {over.by}
        ) AS told
        GROUP BY at, {over.by}
        HAVING {" OR ".join(f"{name} != 0" for name in COLUMNS)}"""


def _counted(**told: str) -> str:
    return ", ".join(f"toInt64({told.get(name, '0')}) AS {name}" for name in COLUMNS)
