"""How much may be refused: a few bad events pass, a bad deploy does not."""

from __future__ import annotations

import pytest
from support.worlds import START

from schemas.errors import Refused, Stop
from schemas.event import Activity, Actor, SocialEvent
from streams.decode import Arrival, Refusal
from streams.limit import Letter, Limit, Tally, outcomes
from streams.pipeline import Batch

BAD = [Letter(0, 7, "missing", "published", "Field required")]


@pytest.mark.parametrize(
    ("share", "run", "events", "stops"),
    [
        # share, run, events in order, whether they stop the worker; the sample is 10
        (0.5, 0, [*BAD * 9], False),  # fewer than the sample: not judged
        (0.5, 0, [*BAD * 10], True),
        (0.5, 0, [5, *BAD * 5], False),  # the half, and not more
        (0.5, 0, [4, *BAD * 6], True),
        (0.5, 0, [1_000, *BAD * 5], False),
        (0.5, 0, [1_000, *BAD * 6], True),  # only the last 10 count
        (0.5, 0, [*BAD * 6, 4], False),  # judged where something is refused, and it was too early then
        (0.5, 0, [3, *BAD * 3, 2, *BAD * 3], True),
        (0.5, 0, [3, *BAD * 3, 5, *BAD * 3], False),
        (1.0, 0, [*BAD * 100], False),  # no limit
        (1.0, 3, [*BAD * 3], False),
        (1.0, 3, [*BAD * 4], True),
        (1.0, 3, [*BAD * 3, 1, *BAD * 3], False),
        (1.0, 3, [*BAD * 3, 0, *BAD], True),  # no event lies between
        (1.0, 3, [100_000, *BAD * 4], True),
    ],
)
def test_a_limit_holds(share: float, run: int, events: list[int | Letter], *, stops: bool) -> None:
    def stopped(*parts: list[int | Letter]) -> bool:
        tally = Tally(Limit(share, run, sample=10))
        try:
            for part in parts:
                tally = tally.after(part)
        except Stop:
            return True
        return False

    assert stopped(events) == stops
    assert stopped(*([event] for event in events)) == stops


def test_what_was_not_stored_does_not_count() -> None:
    tally = Tally(Limit(1.0, 3))
    tally.after(BAD * 3)
    tally.after(BAD * 3)
    with pytest.raises(Stop):
        tally.after(BAD * 3).after(BAD)


def test_only_the_reason_counts_that_the_limit_is_for() -> None:
    tally = Tally(Limit(1.0, 1, only="internal"))
    internal = Letter(0, 1, "internal", "", "KeyError")
    tally.after([internal, *BAD * 5, internal])
    with pytest.raises(Stop):
        tally.after([internal, internal])


def test_the_message_names_the_first_reasons_and_what_to_do() -> None:
    letters = [
        Letter(3, 10, "unreadable", "", "not\nJSON " + "x" * 200),
        Letter(3, 11, "missing", "published", "Field required"),
        Letter(3, 12, "missing", "published", "Field required"),
    ]
    with pytest.raises(Stop) as caught:
        Tally(Limit(1.0, 2)).after([1, *letters])
    message = str(caught.value)
    assert message.startswith(
        "3 events in a row were refused, which is more than HUBBUB_DEAD_LETTER_RUN=2 lets pass: "
        "2 missing published, 1 unreadable; the first, by partition/offset: 3/10 unreadable: not JSON xxx"
    )
    assert "3/11 missing: published: Field required" in message
    assert message.endswith("go on all the same with a larger HUBBUB_DEAD_LETTER_RUN (0: no limit)")
    assert "\n" not in message
    with pytest.raises(
        Stop, match=r"2 of the last 3 events .* HUBBUB_DEAD_LETTER_SHARE=0.5 .*\(1: no limit\)"
    ):
        Tally(Limit(0.5, 0, sample=3)).after([1, *letters[:2]])


def test_outcomes_stand_in_the_order_of_the_log() -> None:
    """
    offsets    0 1 2 3 4 5 6      e: event, d: direct message that was dropped, -: refused
               e - d - - e e
    """
    event = SocialEvent(platform="x", activity=Activity.POST, id="1", actor=Actor(id="a"), published=START)
    arrivals = [Arrival(offset, event) for offset in (0, 5, 6)]
    refusals = [Refusal(offset, b"", Refused("missing", field="id")) for offset in (4, 1, 3)]
    batches = {8: Batch(arrivals, refusals, 0, 7, [2]), 9: Batch(arrivals, [], 0, 7)}
    told = [one if isinstance(one, int) else one.offset * 1j for one in outcomes(batches)]
    assert told == [1, 1j, 1, 3j, 0, 4j, 2, 3]
