"""Grafana's alert rules. They only route: what fires was decided before, and stands in the database.

AL1 to AL5 look whether the stored state is firing. The rules of the pipeline look at its vital signs. Each
has a heading in docs/runbook.md and leads to a panel.

No row is no answer: an aggregate over nothing gives 0 or nothing, so that an outage would look normal. So the
queries say a large number where nothing is there to be measured, and what must have rows alarms without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from dashboards import config
from schemas.alerts import ALERTS, AlertId

Severity = Literal["warning", "critical"]
NoData = Literal["Alerting", "NoData", "OK"]

BRAND_GROUP: Final = "brands"
PIPELINE_GROUP: Final = "pipeline"
EVERY: Final = {BRAND_GROUP: 300, PIPELINE_GROUP: 60}
"""Seconds between two looks at the rules of a group."""

HOUR, DAY = 3600, 86_400  # seconds


@dataclass(frozen=True)
class Rule:
    """One alert rule.

    Args:
        uid: It keeps it for ever.
        title: What is wrong when it fires.
        group: Rules of a group are looked at together.
        sql: One number; other columns are texts, and make an alert of each row. Without frontend macros.
        reach: Seconds before now that the query's time range begins.
        above: The number above which it fires.
        clear: The number below which a firing one clears; None for the same.
        patience: How long it must hold, such as `5m`.
        keep: How long it goes on firing when it does not hold any more.
        without: What to do when there is no row.
        severity: Its label.
        summary: One line; `$labels` are the texts of the row.
        runbook: Anchor in docs/runbook.md.
        panel: Uid of the dashboard and title of the panel that shows it.
    """

    uid: str
    title: str
    group: str
    sql: str
    reach: int
    above: float
    patience: str
    summary: str
    runbook: str
    panel: tuple[str, str]
    clear: float | None = None
    keep: str = "0s"
    without: NoData = "NoData"
    severity: Severity = "warning"


_SHOWN: Final[dict[AlertId, tuple[str, str]]] = {
    "AL1": (config.DIALOGUE, f"Broadcast share, last {config.ROLLING_DAYS} days"),
    "AL2": (config.DIALOGUE, f"Broadcast share, last {config.ROLLING_DAYS} days"),
    "AL3": (config.CARE, "Reply rate within SLA by day"),
    "AL4": (config.DIALOGUE, "Direction mix"),
    "AL5": (config.DIALOGUE, "Broadcast share"),
}

_BRANDS: Final = tuple(
    Rule(
        uid=f"hubbub-{alert.id.lower()}",
        title=f"{alert.id} {alert.name}",
        group=BRAND_GROUP,
        sql=f"""SELECT toString(brand) AS brand, toFloat64(firing) AS firing
FROM alert_states FINAL
WHERE alert = '{alert.id}'
ORDER BY brand""",
        reach=DAY,
        above=0.5,
        patience="0s",
        summary=f"{{{{ $labels.brand }}}}: {alert.question} It looks like it.",
        runbook=alert.runbook,
        panel=_SHOWN[alert.id],
    )
    for alert in ALERTS
)
"""The state holds its own patience and hysteresis, so that the rule needs none."""

_NO_DATA: Final = Rule(
    uid="hubbub-no-data",
    title="No worker is heard",
    group=PIPELINE_GROUP,
    sql=f"""SELECT toFloat64(ifNull(dateDiff('second', maxOrNull(at), $__toTime), {DAY})) AS seconds
FROM pipeline_minutely
WHERE $__timeFilter(at)""",
    reach=DAY,
    above=300,
    patience="2m",
    without="Alerting",
    severity="critical",
    summary="No worker has said anything for five minutes: nothing is being stored.",
    runbook="no-data",
    panel=(config.PIPELINE, "Workers"),
)
_LAG: Final = Rule(
    uid="hubbub-lag",
    title="A worker falls behind",
    group=PIPELINE_GROUP,
    sql="""SELECT toString(worker) AS worker, toFloat64(argMax(p.lag, p.at)) AS lag
FROM pipeline_minutely AS p
WHERE $__timeFilter(at)
GROUP BY worker
ORDER BY worker""",
    reach=300,
    above=config.LAG_LARGE,
    clear=config.LAG,
    patience="10m",
    summary="{{ $labels.worker }} is far behind Kafka and does not catch up.",
    runbook="lag",
    panel=(config.PIPELINE, "Lag"),
)
_DEAD_LETTERS: Final = Rule(
    uid="hubbub-dead-letters",
    title="Events are refused",
    group=PIPELINE_GROUP,
    sql="""SELECT toFloat64(countIf(replayed_at IS NULL)) AS letters
FROM dead_letter_facts
WHERE $__timeFilter(refused_at)""",
    reach=HOUR,
    above=0,
    patience="0s",
    keep="1h",
    summary="Events were refused in the last hour, and are in no number.",
    runbook="dead-letters",
    panel=(config.PIPELINE, "Dead letters by reason"),
)
_RECONCILE: Final = Rule(
    uid="hubbub-reconcile-differs",
    title="Stored numbers are wrong",
    group=PIPELINE_GROUP,
    sql="""SELECT toFloat64(argMax(differences, at)) AS differences
FROM reconciles
WHERE $__timeFilter(at)
HAVING count() > 0""",
    reach=30 * DAY,
    above=0,
    patience="0s",
    severity="critical",
    summary="The last reconcile found stored values that are not what the interactions say.",
    runbook="reconcile-differs",
    panel=(config.PIPELINE, "Last reconciles"),
)
_FRESHNESS: Final = Rule(
    uid="hubbub-freshness",
    title="No new message",
    group=PIPELINE_GROUP,
    sql=f"""SELECT toFloat64(ifNull(dateDiff('second', maxOrNull(at), $__toTime), {7 * DAY})) AS seconds
FROM dialogue_minutely
WHERE $__timeFilter(at)""",
    reach=7 * DAY,
    above=config.STALE,
    patience="15m",
    without="Alerting",
    summary="No message has come for an hour, of any brand: a feed is lost, or all are asleep.",
    runbook="freshness",
    panel=(config.PIPELINE, "Newest message"),
)
_NOT_JUDGED: Final = Rule(
    uid="hubbub-not-judged",
    title="Alerts are not judged",
    group=PIPELINE_GROUP,
    sql="""SELECT toFloat64(dateDiff('day', max(day), toDate($__toTime))) AS days
FROM alert_states FINAL
HAVING count() > 0""",
    reach=DAY,
    above=2,
    patience="1h",
    summary="The alerts of the brands have not been judged for two days: what they say is out of date.",
    runbook="freshness",
    panel=(config.DIALOGUE, "Alerts AL1, AL2, AL4, AL5"),
)

RULES: Final[tuple[Rule, ...]] = (
    *_BRANDS, _NO_DATA, _LAG, _DEAD_LETTERS, _RECONCILE, _FRESHNESS, _NOT_JUDGED,
)  # fmt: skip
"""Every rule."""
