"""SQL that takes the content out of stored activities, and finds what an account did."""

from __future__ import annotations

from schemas.event import BARE_ACTOR, CONTENT
from schemas.rows import FORGET_MARK, SETTLE_MARK
from sinks.tables import ACTIVITIES, DEAD_LETTERS, INTERACTIONS

_ACTOR = "JSONExtractString(body, 'actor', 'id')"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _object(pairs: str) -> str:
    """SQL for a JSON object of an array of names and raw values."""
    joined = f"arrayStringConcat(arrayMap(pair -> concat(toJSONString(pair.1), ':', pair.2), {pairs}), ',')"
    return f"concat('{{', {joined}, '}}')"


_BARE_ACTOR = _object(
    f"arrayFilter(pair -> pair.1 IN ({_names(BARE_ACTOR)}), JSONExtractKeysAndValuesRaw(field.2))"
)
BARE = _object(
    f"""arrayMap(
        field -> (field.1, if(field.1 = 'actor', {_BARE_ACTOR}, field.2)),
        arrayFilter(field -> field.1 NOT IN ({_names(CONTENT)}), JSONExtractKeysAndValuesRaw(body))
    )"""
)
"""The body of an activity without its content, as `SocialEvent.bare` leaves it."""


_KEYS = "SELECT arrayJoin(JSONExtract(%(keys)s, 'Array(Tuple(String, String, String, UInt32))')) AS key"
"""SQL for the activities that are given as `keys`, see `sinks.sink.Erased`."""


def threads_with(activities: str) -> str:
    """SQL for the threads that have ever held some activities, given as `keys`.

    Superseded and removed rows count, for they hold text too. Only columns of the projection, so that it is
    read; and without patches, which change none of them, but would have the table read instead.

    Args:
        activities: Name of the table.
    """
    return f"""SELECT DISTINCT thread FROM {activities}
        WHERE cityHash64(id) IN (
            SELECT cityHash64(key.2) FROM ({_KEYS})
        )
        SETTINGS apply_patch_parts = 0"""


def erase(activities: str) -> str:
    """SQL that takes the content out of every row of some activities, given as `keys`, in some `threads`.

    A lightweight update: it writes a patch that every query applies from then on, whatever the size of the
    table. Merges put it into the data.

    Args:
        activities: Name of the table.
    """
    return f"""UPDATE {activities} SET body = {BARE}
        WHERE cityHash64(thread) IN (
            SELECT cityHash64(arrayJoin(JSONExtract(%(threads)s, 'Array(String)')))
        )
        AND (platform, id, activity, version) IN (SELECT key.1, key.2, key.3, key.4 FROM ({_KEYS}))
        AND body != ''"""


_THEIRS = f"platform = %(platform)s AND {_ACTOR} = %(account)s"
_UP_TO = "published <= fromUnixTimestamp64Micro(%(until)s)"


def held(activities: str) -> str:
    """SQL for what an account did up to a time, in threads that do not know that it is forgotten.

    See `Sink.held`.

    Args:
        activities: Name of the table.
    """
    return f"""SELECT thread, id, activity, newest.1 AS epoch, newest.2 AS partition
        FROM (
            SELECT
                thread, id, activity, published, {_ACTOR} = %(account)s AS theirs,
                maxIf(
                    (source_epoch, source_partition, source_offset),
                    activity NOT IN ('{SETTLE_MARK}', '{FORGET_MARK}')
                ) OVER (PARTITION BY thread) AS newest,
                maxIf(published, activity = '{FORGET_MARK}' AND id = concat('>', %(account)s))
                    OVER (PARTITION BY thread) AS forgotten
            FROM {activities} FINAL
            WHERE platform = %(platform)s AND cityHash64(thread) IN (
                SELECT cityHash64(thread) FROM {activities} WHERE {_THEIRS}
            )
        )
        WHERE theirs AND {_UP_TO} AND published > forgotten"""


_DID = f"platform = %(platform)s AND actor = %(account)s AND {_UP_TO}"
_BY = f"JSONExtractString(body, 'platform') = %(platform)s AND {_ACTOR} = %(account)s"
LETTERS = f"SELECT count() AS letters FROM {DEAD_LETTERS.name} FINAL WHERE {_BY}"
"""Counts the dead letters whose body names an account as its actor."""

PURGE = (
    f"ALTER TABLE {ACTIVITIES.name} UPDATE body = {BARE} WHERE {_THEIRS} AND {_UP_TO}",
    f"ALTER TABLE {ACTIVITIES.name} APPLY PATCHES",
    f"""ALTER TABLE {INTERACTIONS.name} UPDATE
        followers = NULL, agent = '', lang = '', signature = '', sketch = [], topics = []
    WHERE {_DID}""",
    f"""ALTER TABLE {INTERACTIONS.name} UPDATE exchange_agent = ''
    WHERE platform = %(platform)s AND exchange_agent != ''
    AND exchange_reply IN (SELECT id FROM {INTERACTIONS.name} WHERE {_DID})""",
    f"ALTER TABLE {DEAD_LETTERS.name} UPDATE body = '' WHERE {_BY}",
)
"""Write anew, without what describes an account, every part of every table that has it."""
