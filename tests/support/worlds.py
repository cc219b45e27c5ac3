"""Small worlds for Hypothesis: everything that two brands, three customers and a bot can do to each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from schemas.event import ACTS_ON, Activity, Actor, ActorKind, Mention, Reference, SocialEvent
from schemas.registry import Account, Brand, Registry

START = datetime(2026, 1, 5, tzinfo=UTC)
REGISTRY = Registry(
    brand=(
        Brand(name="acme", account=(Account(platform="x", id="acme"), Account(platform="x", id="acme_help"))),
        Brand(
            name="rival",
            account=(Account(platform="x", id="rival", valid_from=START + timedelta(minutes=3)),),
        ),
    )
)
ACCOUNTS = ("acme", "acme_help", "rival", "eve", "bob", "robo")
TEXTS = (
    None,
    "",
    "hello",
    "thanks",
    "thank you, that is good",
    "is this bad?",
    "where is my parcel?",
    "love it",
    "dm us",
    "is this bad? thank you",
    "we have sent it on its way to you today ^AB",
    "gracias",
)
STEPS = (0, 5, 60, 60, 3600, 24 * 3600 - 1, 24 * 3600, 72 * 3600, 7 * 24 * 3600)
"""Seconds between what is said in a talk: where exchanges open, close and are confirmed."""
IDS = tuple(f"m{number}" for number in range(8))
_MESSAGES = (Activity.POST, Activity.REPLY, Activity.REPLY, Activity.REPLY, Activity.QUOTE)
_OTHERS = tuple(activity for activity in Activity if activity not in _MESSAGES)


@st.composite
def _message(draw: st.DrawFn, identifier: str) -> SocialEvent:
    """One message; parents are drawn from few ids, so that rings and missing parents occur."""
    return _event(draw, identifier, draw(st.sampled_from(_MESSAGES)))


@st.composite
def _other(draw: st.DrawFn, number: int) -> SocialEvent:
    """An edit, a delete, an undo or a reaction."""
    activity = draw(st.sampled_from(_OTHERS))
    if activity is Activity.UPDATE:
        return _event(draw, draw(st.sampled_from(IDS)), activity).model_copy(update={"version": number + 1})
    event = _event(draw, f"{activity}{number}", activity)
    if activity is Activity.DELETE and event.object is not None and draw(st.booleans()):
        # Some platforms give a delete the very id of what it deletes.
        return event.model_copy(update={"id": event.object.id})
    return event


def _event(draw: st.DrawFn, identifier: str, activity: Activity) -> SocialEvent:
    by = draw(st.sampled_from(ACCOUNTS))
    needed = ACTS_ON.get(activity)
    about = Reference(
        id=draw(st.sampled_from((*IDS, "like0", "repost1"))),
        actor_id=draw(st.sampled_from((None, *ACCOUNTS))),
    )
    return SocialEvent(
        platform="x",
        activity=activity,
        id=identifier,
        actor=Actor(
            id=by,
            kind=_kind(by),
            followers=10,
            agent=draw(st.sampled_from((None, None, "Ann"))),
        ),
        published=START + timedelta(seconds=draw(st.integers(0, 400))),
        conversation=draw(st.sampled_from((None, None, None, "m0", "m1"))),
        mentions=tuple(
            Mention(id=name) for name in draw(st.lists(st.sampled_from(ACCOUNTS), max_size=2, unique=True))
        ),
        text=draw(st.sampled_from(TEXTS)),
        lang=draw(st.sampled_from((None, None, "en", "es"))),
        hashtags=draw(st.sampled_from(((), (), ("Spring",)))),
        urls=draw(st.sampled_from(((), (), ("https://acme.example/a",)))),
        generator=draw(st.sampled_from((None, "Buffer", "Web"))),
        brands=draw(st.sampled_from(((), (), (), ("acme",)))),
        **({needed: about} if needed else {}),
    )


@st.composite
def _anything(draw: st.DrawFn) -> list[SocialEvent]:
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))
    distinct = [draw(_message(identifier)) for identifier in ids]
    distinct += [draw(_other(number)) for number in range(draw(st.integers(0, 4)))]
    # Two deletes may have the id of what both delete: they are one, and a platform tells it in one way.
    return list({(event.id, event.activity, event.version): event for event in distinct}.values())


@st.composite
def _talk(draw: st.DrawFn) -> list[SocialEvent]:
    """A brand and its customers who answer each other, and like, edit, delete and undo."""
    messages: list[SocialEvent] = []
    at = START
    for number, identifier in enumerate(IDS[: draw(st.integers(2, len(IDS)))]):
        activity = Activity.REPLY if number else Activity.POST
        message = _event(draw, identifier, activity)
        by = draw(st.sampled_from(("acme", "acme", "acme_help", "eve", "eve", "bob", "robo")))
        at += timedelta(seconds=draw(st.sampled_from(STEPS)))
        above = draw(st.sampled_from(messages)) if messages else None
        messages.append(
            message.model_copy(
                update={
                    "actor": message.actor.model_copy(update={"id": by, "kind": _kind(by)}),
                    "in_reply_to": Reference(id=above.id) if above else None,
                    "mentions": () if number else (Mention(id="acme"),),
                    "conversation": None,
                    "published": at,
                }
            )
        )
    others = []
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from((Activity.LIKE, Activity.LIKE, Activity.UPDATE, Activity.DELETE)))
        on = draw(st.sampled_from(messages))
        other = _event(draw, on.id if kind is Activity.UPDATE else f"{kind}{number}", kind)
        changes: dict[str, object] = {
            "conversation": None,
            "version": number + 1 if kind is Activity.UPDATE else 0,
        }
        changes["published"] = on.published + timedelta(seconds=draw(st.sampled_from(STEPS)))
        if kind is not Activity.UPDATE:
            changes["object"] = Reference(id=on.id)
        if kind is Activity.LIKE:
            by = draw(st.sampled_from(("acme", "eve", "eve", "bob")))
            changes["actor"] = other.actor.model_copy(update={"id": by, "kind": _kind(by)})
        others.append(other.model_copy(update=changes))
    return messages + others


def _kind(by: str) -> ActorKind | None:
    return ActorKind.SERVICE if by == "robo" else None


@st.composite
def worlds(draw: st.DrawFn) -> list[SocialEvent]:
    """Distinct activities and further deliveries of some of them, which another collector saw later."""
    distinct = draw(st.one_of(_anything(), _talk()))
    seen = {event.id: draw(st.sampled_from((None, START + timedelta(seconds=200)))) for event in distinct}
    deliveries = []
    for event in distinct:
        for delay in draw(st.lists(st.sampled_from((0, 50)), min_size=1, max_size=2)):
            observed = seen[event.id]
            if observed is not None:
                observed += timedelta(seconds=delay)
            # As `decode` leaves it: never later than it was seen.
            published = min(event.published, observed) if observed else event.published
            deliveries.append(event.model_copy(update={"observed": observed, "published": published}))
    return draw(st.permutations(deliveries))
