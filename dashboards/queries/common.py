"""Queries of more than one dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.alerts import BY_ID

if TYPE_CHECKING:
    from schemas.alerts import AlertId

NEWEST: Final = """SELECT dateDiff('second', maxOrNull(minute), $__toTime) AS seconds
FROM dialogue_minutes
WHERE minute <= $__toTime"""
"""Seconds from the newest message to the end of the time range, over all brands, however old it is.

Of the table, where that is one column of the key, and not of the view, which would add everything up.
"""

NOT_JUDGED: Final = "not judged yet"


def alert_states(*ids: AlertId) -> str:
    """The state of each of these alerts for each brand that says anything in the time range."""
    named = ", ".join(f"('{one}', '{BY_ID[one].name}')" for one in ids)
    return f"""SELECT
    brands.brand AS brand, known.alert.1 AS alert, known.alert.2 AS name,
    if(states.state = '', '{NOT_JUDGED}', states.state) AS state,
    if(states.state = '', NULL, states.since) AS since, states.value AS value, states.baseline AS baseline,
    states.change AS change, states.n AS n, if(states.state = '', NULL, states.day) AS `judged day`
FROM (
    SELECT DISTINCT brand FROM dialogue_daily
    WHERE $__timeFilter(at) AND $__conditionalAll(brand IN (${{brand:singlequote}}), $brand)
) AS brands
CROSS JOIN (SELECT arrayJoin([{named}]) AS alert) AS known
LEFT JOIN (SELECT * FROM alert_states FINAL) AS states
    ON states.brand = brands.brand AND states.alert = known.alert.1
ORDER BY state = 'firing' DESC, brand, alert"""
