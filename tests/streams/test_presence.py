from __future__ import annotations

from streams.presence import Presence


def test_it_is_silent_while_all_is_well():
    presence = Presence("Kafka", grace=2)
    assert [presence.look(None, now) for now in range(5)] == [None] * 5


def test_a_fault_is_told_once_when_it_has_lasted_and_once_when_it_is_over():
    presence = Presence("Kafka", grace=2)
    #        well  fault                 well again
    looks = [None, "gone", "gone", "gone", "gone", None, None]
    told = [presence.look(fault, now) for now, fault in enumerate(looks)]
    assert told == [
        None,
        None,
        None,
        "Kafka is away: gone; waiting for it",
        None,
        "Kafka is back after 4 s",
        None,
    ]


def test_a_fault_that_passes_soon_is_not_worth_a_word():
    presence = Presence("Kafka", grace=2)
    assert [presence.look(fault, now) for now, fault in enumerate(["gone", "gone", None])] == [None] * 3


def test_the_next_fault_is_told_again():
    presence = Presence("Kafka", grace=0)
    assert presence.look("gone", 0) == "Kafka is away: gone; waiting for it"
    assert presence.look(None, 1) == "Kafka is back after 1 s"
    assert presence.look("mute", 2) == "Kafka is away: mute; waiting for it"
