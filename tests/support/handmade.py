"""Small worlds written by hand, in short: `{id, by, at, ...}`, with what every metric has to be.

Times count from a Monday: `90` are minutes, `2d`, `25h` and `1d2h5m` speak for themselves. An account that an
event names is on its platform; `repeat: 20` stands for twenty events, with `{n}` from 1 to 20 in their words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import yaml

from schemas.event import ACTS_ON, Activity, Actor, ActorKind, Mention, Reference, SocialEvent
from schemas.registry import Account, Agent, Brand, Registry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

START = datetime(2026, 1, 5, tzinfo=UTC)
PLATFORMS = ("x", "mastodon", "bluesky", "reddit")
REGISTRY = Registry(
    brand=(
        Brand(
            name="acme",
            campaign_tags=("newacme",),
            account=(
                *(Account(platform=platform, id="acme") for platform in PLATFORMS),
                Account(platform="x", id="acme_help"),
            ),
            agent=(Agent(platform="x", id="ann", name="Ann"),),
        ),
        Brand(name="rival", reply_sla_minutes=10, account=(Account(platform="x", id="rival"),)),
    )
)
_UNITS = {"d": 24 * 60, "h": 60, "m": 1}
_WORDS = {"id", "by", "at", "platform", "bot", "to", "reply_to", "names", "text", "followers", "agent"}
_AS_THEY_ARE = {"lang", "urls", "hashtags", "generator", "brands", "version", "conversation", "visibility"}


@dataclass(frozen=True)
class Case:
    """One world."""

    name: str
    events: list[SocialEvent]
    window: tuple[datetime, datetime] | None
    expect: dict[str, dict[str, float | None]]
    """By brand and column."""


def cases(folder: Path) -> list[Case]:
    """All worlds of a folder's YAML files."""
    return [
        Case(
            name=f"{file.stem}: {case['case']}",
            events=events_of(case["events"]),
            window=tuple(START + _after(time) for time in case["window"]) if "window" in case else None,
            expect={brand: _numbers(values) for brand, values in case["expect"].items()},
        )
        for file in sorted(folder.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text())
    ]


def events_of(shorts: Iterable[dict[str, Any]]) -> list[SocialEvent]:
    """The events that are written in short."""
    return [event for short in shorts for event in _events(short)]


def _numbers(values: dict[str, Any]) -> dict[str, float | None]:
    return {column: None if value is None else float(Fraction(value)) for column, value in values.items()}


def _after(time: int | str) -> timedelta:
    if isinstance(time, int):
        return timedelta(minutes=time)
    return timedelta(
        minutes=sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)(\w)", time))
    )


def _events(short: dict[str, Any]) -> list[SocialEvent]:
    short = dict(short)
    repeat, every = short.pop("repeat", 0), short.pop("every", 0)
    if not repeat:
        return [_event(short)]
    return [
        _event({key: _filled(value, n) for key, value in short.items()}, later=_after(every) * (n - 1))
        for n in range(1, repeat + 1)
    ]


def _filled(value: Any, number: int) -> Any:
    return value.replace("{n}", str(number)) if isinstance(value, str) else value


def _event(short: dict[str, Any], later: timedelta = timedelta()) -> SocialEvent:
    (activity, *more) = [Activity(name) for name in short if name in set(Activity)] or [Activity.POST]
    unknown = set(short) - _WORDS - _AS_THEY_ARE - {activity}
    assert not unknown, f"{unknown} in {short}"
    assert not more, f"one activity an event: {short}"
    fields = {name: short[name] for name in _AS_THEY_ARE & short.keys()}
    for name in ("urls", "hashtags", "brands"):
        fields[name] = tuple(fields.get(name, ()))
    if activity in ACTS_ON:
        fields[ACTS_ON[activity]] = Reference(id=str(short[activity]), actor_id=short.get("to"))
    if "reply_to" in short:
        fields["in_reply_to"] = Reference(id=short["reply_to"])
    return SocialEvent(
        platform=short.get("platform", "x"),
        activity=activity,
        id=str(short["id"]),
        actor=Actor(
            id=str(short["by"]),
            kind=ActorKind.SERVICE if short.get("bot") else None,
            followers=short.get("followers"),
            agent=short.get("agent"),
        ),
        published=START + _after(short["at"]) + later,
        mentions=tuple(Mention(id=name) for name in short.get("names", ())),
        text=short.get("text"),
        **({"lang": "en"} | fields),
    )
