"""The social event: what a collector sends, one JSON object a message.

ActivityStreams 2.0 terms where they exist (https://www.w3.org/TR/activitystreams-vocabulary/).
Unknown fields are ignored; everything else is strict, because a wrong type is a collector's bug that
somebody wants to hear of.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

Identifier = Annotated[str, Field(min_length=1, max_length=2048)]


def _utc(moment: datetime) -> datetime:
    """Event time is UTC: a time without an offset is taken as such."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:  # an offset across the first or last moment; pydantic lets only ValueErrors be
        raise PydanticCustomError("moment_out_of_range", "the time cannot be told in UTC") from None


Moment = Annotated[datetime, AfterValidator(_utc)]


CONTENT = ("text", "hashtags", "urls", "raw_ref")
"""The fields that hold what was said."""

BARE_ACTOR = ("id", "kind")
"""What stays of the actor of something that was retracted."""


class Activity(StrEnum):
    """What somebody did."""

    POST = "post"
    REPLY = "reply"
    QUOTE = "quote"
    REPOST = "repost"
    LIKE = "like"
    DISLIKE = "dislike"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    BLOCK = "block"
    UPDATE = "update"
    DELETE = "delete"
    UNDO = "undo"


MESSAGES = frozenset({Activity.POST, Activity.REPLY, Activity.QUOTE})
"""Activities that say something."""

ABOUT_OTHERS = frozenset({Activity.UPDATE, Activity.DELETE, Activity.UNDO})
"""Activities that only change another one. Some bear its very id, and nothing belongs to them."""

RELATIONS = frozenset({Activity.FOLLOW, Activity.UNFOLLOW, Activity.BLOCK})
"""Reactions to an account instead of a message."""

REACTIONS = frozenset({Activity.REPOST, Activity.LIKE, Activity.DISLIKE}) | RELATIONS
"""Activities that are never messages."""

ACTS_ON: Mapping[Activity, str] = {
    Activity.REPLY: "in_reply_to",
    Activity.QUOTE: "quote_of",
    **{activity: "object" for activity in Activity if activity in REACTIONS},
    Activity.DELETE: "object",
    Activity.UNDO: "object",
}
"""The field that an activity cannot do without, where there is one. Posts and updates stand alone."""


_SET: set[str] = set()
"""What all events say was set."""


class ActorKind(StrEnum):
    """What an account says that it is; `service` declares automation."""

    PERSON = "person"
    ORGANIZATION = "organization"
    SERVICE = "service"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", use_attribute_docstrings=True)


class Actor(_Part):
    """Who did it."""

    id: Identifier
    """The account's id on its platform."""
    handle: str | None = None
    """The name that people see, without a leading @."""
    name: str | None = None
    """The display name."""
    kind: ActorKind | None = None
    """What the account says that it is."""
    followers: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    """Followers at the time of the event."""
    agent: str | None = None
    """The human behind a brand's account."""


class Reference(_Part):
    """Another activity, or an account, that this one is about."""

    id: Identifier
    """Its id on the platform."""
    actor_id: Identifier | None = None
    """Who wrote it, where the platform says so."""


class Mention(_Part):
    """An account named in a message."""

    id: Identifier
    """The account's id."""
    inherited: bool | None = None
    """Whether the platform carried it over from the parent; absent: derived from the parent."""


class SocialEvent(_Part):
    """One thing that somebody did on a social platform, as a collector saw it."""

    platform: Annotated[str, Field(min_length=1, max_length=64)]
    """`bluesky`, `mastodon`, `x`, `reddit`, ..."""
    activity: Activity
    """What was done."""
    id: Identifier
    """Id of the activity; for a message, and for an update of it, of the message."""
    version: Annotated[int, Field(ge=0, lt=2**32)] = 0
    """Edit number."""
    actor: Actor
    """Who did it."""
    published: Moment
    """Event time, UTC, microseconds."""
    observed: Moment | None = None
    """When the collector first saw it, UTC."""
    in_reply_to: Reference | None = None
    """The direct parent; required for a reply."""
    conversation: Identifier | None = None
    """The root's id. Absent: derived from the parents."""
    quote_of: Reference | None = None
    """What a quote quotes; required for a quote."""
    object: Reference | None = None
    """What a reaction, a delete or an undo acts on; required for those."""
    mentions: tuple[Mention, ...] = ()
    """Accounts named."""
    text: str | None = None
    """What was said."""
    lang: str | None = None
    """Language, BCP 47."""
    hashtags: tuple[str, ...] = ()
    """Without the leading #."""
    urls: tuple[str, ...] = ()
    """Links in the text."""
    generator: str | None = None
    """The client program."""
    visibility: str | None = None
    """`direct` is dropped by default: direct messages are not read."""
    brands: tuple[str, ...] = ()
    """Spaces that the collector asserts, by brand name."""
    raw_ref: str | None = None
    """Where the original payload is."""

    @model_validator(mode="after")
    def _shares_what_was_set(self) -> Self:
        """A worker holds many events: the sets of what was set are a third of one, and nobody asks."""
        for part in (self, self.actor, self.in_reply_to, self.quote_of, self.object, *self.mentions):
            if part is not None:
                object.__setattr__(part, "__pydantic_fields_set__", _SET)
        return self

    @model_validator(mode="after")
    def _has_what_it_acts_on(self) -> Self:
        """A reply needs its parent, a quote what it quotes, a reaction its object."""
        needed = ACTS_ON.get(self.activity)
        if needed and getattr(self, needed) is None:
            raise PydanticCustomError(
                "missing_for_activity",
                "{field} is required for the activity {activity}",
                {"field": needed, "activity": self.activity.value},
            )
        return self

    @property
    def is_message(self) -> bool:
        """Whether it says something."""
        return self.activity in MESSAGES

    def without_content(self) -> SocialEvent:
        """The same event with nothing left of what was said, for a direct message."""
        return self.model_copy(update={"text": None, "hashtags": (), "urls": (), "raw_ref": None})

    def bare(self) -> SocialEvent:
        """The same event without content, and without what describes its actor, for what was retracted.

        What is left is what other events depend on: ids, times, what it answers and whom it names.
        """
        actor = Actor(id=self.actor.id, kind=self.actor.kind)
        return self.without_content().model_copy(update={"actor": actor})


def is_by(body: bytes, accounts: Container[tuple[str, str]]) -> bool:
    """Whether something that could not be used as an event names one of some accounts as its actor.

    Args:
        body: Its bytes, which need not be JSON.
        accounts: Platform and id of the accounts.
    """
    try:
        event = json.loads(body)
        return (event["platform"], event["actor"]["id"]) in accounts
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
