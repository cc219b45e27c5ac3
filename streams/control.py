"""What hubbub itself writes into the topic, so that everything that changes an answer is in the log.

A registry that comes into force, a reply that has waited long enough for its parent, an account that is
forgotten: each takes effect at one offset of one partition, and so at the same place in every replay. A
header tells them from events.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from schemas.event import Moment

HEADER = "hubbub-control"


class RegistryChange(BaseModel):
    """From here on, events of this partition are seen with this version of the registry."""

    model_config = ConfigDict(frozen=True)
    control: Literal["registry"] = "registry"
    version: Annotated[int, Field(ge=1, lt=2**63)]


class Concerned(StrEnum):
    """Which threads a partition has to look after when an account is forgotten."""

    OWN = "own"
    """Those whose newest activity came from this partition."""
    REST = "rest"
    """Those too whose newest activity came from a file, or in an earlier epoch: one partition has to."""
    ALL = "all"
    """All, because nobody else is at work."""


class Forget(BaseModel):
    """What an account did up to a time is as good as deleted, whenever it comes."""

    model_config = ConfigDict(frozen=True)
    control: Literal["forget"] = "forget"
    platform: Annotated[str, Field(min_length=1)]
    account: Annotated[str, Field(min_length=1)]
    until: Moment
    threads: Concerned = Concerned.OWN

    def concerns(self, newest: tuple[int, int], here: tuple[int, int]) -> bool:
        """Whether a partition that has this control looks after a thread.

        Args:
            newest: Epoch and partition that the thread's newest activity came from.
            here: Epoch and partition of the control.
        """
        if self.threads is Concerned.ALL or newest == here:
            return True
        return self.threads is Concerned.REST and newest[0] != here[0]


class Settle(BaseModel):
    """Replies of one thread, up to a time, take the addressee that the platform names."""

    model_config = ConfigDict(frozen=True)
    control: Literal["settle"] = "settle"
    platform: str
    thread: str
    until: Moment


Control = RegistryChange | Settle | Forget
CONTROLS: TypeAdapter[Control] = TypeAdapter(Annotated[Control, Field(discriminator="control")])


def encode(control: Control) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A control as a Kafka message: its value and its headers."""
    return control.model_dump_json().encode(), [(HEADER, control.control.encode())]
