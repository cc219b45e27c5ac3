"""What analysts read: named views of the latest rows, of every metric by window, and of the last 28 days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

from sinks.between import between
from sinks.facts import (
    conversation_facts,
    conversation_messages,
    dead_letter_facts,
    exchange_facts,
    interaction_facts,
    relationship_facts,
)
from sinks.lists import LISTS
from sinks.operations import operations
from sinks.queries import Over, query
from sinks.queries.graph import crowd
from sinks.queries.over import newest
from sinks.windows import BUCKETS, SETTLED, STEPS, Grain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ADVERBS: Mapping[Grain, str] = {"minute": "minutely", "hour": "hourly", "day": "daily", "week": "weekly"}

_FACTS: Mapping[str, Callable[[str], str]] = {
    "interaction_facts": interaction_facts,
    "conversation_facts": conversation_facts,
    "exchange_facts": exchange_facts,
    "relationship_facts": relationship_facts,
    "dead_letter_facts": dead_letter_facts,
    "conversation_messages": conversation_messages,
}


def views(database: str) -> dict[str, str]:
    """The views' names and what each selects.

    Args:
        database: Its name, as it is.
    """
    place = f"{quote_identifier(database)}."
    named = {name: select(place) for name, select in (*_FACTS.items(), *LISTS.items())}
    for grain, adverb in _ADVERBS.items():
        over = _by(grain, place)
        named[f"dialogue_{adverb}"] = query("dialogue_minutes", over)
        if grain != "minute":
            named[f"participation_{adverb}"] = query("participation", over)
            named[f"c2c_{adverb}"] = query("conversations", over)
    named["participation"] = f"""
        SELECT taking.*, crowd.participation_gini, crowd.top_1_percent_share
        FROM ({query("participation", _by("day", place))}) AS taking
        LEFT JOIN ({crowd(_by("day", place))}) AS crowd USING (at, brand, platform)"""
    return {name: f"{select} SETTINGS {SETTLED}" for name, select in named.items()}


def view_statements(database: str) -> list[str]:
    """Statements that create the views, or replace them, those of the pipeline and of a time range too.

    Args:
        database: Its name, as it is.
    """
    place = f"{quote_identifier(database)}."
    selects = views(database) | operations(database) | between(database)
    return [f"CREATE OR REPLACE VIEW {place}{name} AS {select}" for name, select in selects.items()]


def _by(grain: Grain, place: str) -> Over:
    return Over(
        bucket=BUCKETS[grain],
        keys=("brand", "platform"),
        watermark=newest(place),
        step=STEPS[grain],
        place=place,
    )
