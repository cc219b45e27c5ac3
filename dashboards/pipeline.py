"""Pipeline: are the numbers of the other pages news, and are they right?"""

from __future__ import annotations

from dashboards import config
from dashboards.figures import Figure, Step
from dashboards.page import Page, Section
from dashboards.panels import bars, lines, listing, number
from dashboards.queries import pipeline as queries
from dashboards.shared import freshness


def page() -> Page:
    """From whether all is well to which worker, table or event is not."""
    return Page(
        uid=config.PIPELINE,
        question="Are the numbers of the other pages news, and are they right?",
        usual=False,
        span=config.PIPELINE_SPAN,
        refresh=config.PIPELINE_REFRESH,
        sections=(
            Section(
                "",
                (
                    freshness(),
                    number(_lag("Lag now"), queries.LAG),
                    number(_rate("Events a second"), queries.RATE),
                    number(_letters(), queries.OPEN_LETTERS),
                    number(_differences(), queries.DIFFERENCES),
                    number(_workers(), queries.WORKERS),
                ),
            ),
            Section(
                "Does it keep up?",
                (
                    lines(
                        _lag("Lag"), queries.LAG_OVER_TIME, interval=config.MINUTE, each="worker", levels=True
                    ),
                    lines(_rate("Throughput"), queries.RATE_OVER_TIME, interval=config.MINUTE, each="worker"),
                    lines(_delay(), queries.DELAY, interval=config.MINUTE, each="worker"),
                    lines(_waiting(), queries.WAITING, interval=config.MINUTE, each="worker"),
                ),
            ),
            Section(
                "What goes wrong?",
                (
                    lines(
                        Figure(
                            "Retries",
                            "Tries that ClickHouse or Kafka failed, and that are repeated. A few "
                            "are weather; a plateau is an outage: see what the worker says.",
                        ),
                        queries.RETRIES,
                        8,
                        interval=config.MINUTE,
                        each="worker",
                    ),
                    lines(
                        Figure(
                            "Dead letters refused",
                            "Events that could not be read, or broke the fold. "
                            "hubbub dead-letters shows them, and sends them again when the cause is gone.",
                        ),
                        queries.REFUSED,
                        8,
                        interval=config.MINUTE,
                        each="worker",
                    ),
                    bars(
                        Figure(
                            "Dead letters by reason",
                            "Those that were refused in the time range and are still open.",
                        ),
                        queries.REASONS,
                        8,
                        along="reason",
                    ),
                ),
            ),
            Section(
                "What does it cost?",
                (
                    lines(_hits(), queries.HITS, 8, interval=config.MINUTE, each="worker"),
                    lines(_memory(), queries.MEMORY, 8, interval=config.MINUTE, each="worker"),
                    lines(_parts(), queries.PARTS, 8, interval=config.MINUTE, each="table"),
                ),
            ),
            Section(
                "Who does what, and is it right?",
                (
                    listing(
                        Figure(
                            "Each worker",
                            "Each worker at its last look in the time range, and what it waits for.",
                        ),
                        queries.EACH_WORKER,
                        columns={"lag": _lag("Lag"), "heard": _seconds(), "memory": _memory()},
                    ),
                    listing(
                        Figure(
                            "Last reconciles",
                            "What hubbub reconcile found each time: every stored sum "
                            "counted a second time. Any difference is an error of ours: report it, then "
                            "hubbub rebuild.",
                        ),
                        queries.RECONCILES,
                        columns={"differences": _differences(), "seconds": _seconds()},
                    ),
                ),
            ),
        ),
    )


def _seconds() -> Figure:
    return Figure(title="Time", description="Seconds.", unit="s", decimals=1)


def _lag(title: str) -> Figure:
    return Figure(
        title=title,
        description="Messages in Kafka that are not stored yet. When it grows, more comes in than the "
        "workers store: see whether they wait for ClickHouse; if not, start another one.",
        steps=(Step(None, config.GOOD), Step(config.LAG, config.FAIR), Step(config.LAG_LARGE, config.POOR)),
    )


def _rate(title: str) -> Figure:
    return Figure(
        title=title,
        description="Events stored a second. At 0 while the lag is not, the pipeline stands still.",
        unit="cps",
        decimals=2,
    )


def _letters() -> Figure:
    return Figure(
        title="Open dead letters",
        description="Events refused in the time range and not sent again since. hubbub dead-letters shows "
        "them.",
        steps=(Step(None, config.GOOD), Step(1, config.FAIR), Step(100, config.POOR)),
    )


def _differences() -> Figure:
    return Figure(
        title="Differences at the last reconcile",
        description="Stored values that are not what the interactions say. 0 is the only good number: see "
        "the runbook. Run hubbub reconcile once a day.",
        steps=(Step(None, config.GOOD), Step(1, config.POOR)),
    )


def _workers() -> Figure:
    return Figure(
        title="Workers",
        description="Workers that were heard in the last five minutes of the time range.",
        steps=(Step(None, config.POOR), Step(1, config.GOOD)),
    )


def _delay() -> Figure:
    return Figure(
        title="From event to store",
        description="Seconds from the newest stored message's event time until it was stored. It holds "
        "what the collector and Kafka take, too.",
        unit="s",
        decimals=1,
    )


def _waiting() -> Figure:
    return Figure(
        title="Waiting for ClickHouse",
        description="Share of its time that a worker spent waiting for ClickHouse. Near 1 it stands still, "
        "and goes on by itself when ClickHouse answers.",
        unit="percentunit",
        decimals=0,
        high=1,
    )


def _hits() -> Figure:
    return Figure(
        title="Cache hits",
        description="Share of the conversations that were in memory when they were needed; the rest was "
        "read back. Low for long: raise HUBBUB_CACHE_ACTIVITIES.",
        unit="percentunit",
        decimals=0,
        high=1,
    )


def _memory() -> Figure:
    return Figure(
        title="Memory",
        description="Resident memory of each worker. It should be flat.",
        unit="bytes",
        decimals=0,
    )


def _parts() -> Figure:
    return Figure(
        title="Parts",
        description="Active parts of each table. A steady climb means that merges do not keep up: larger "
        "flushes help (HUBBUB_FLUSH_EVENTS).",
    )
