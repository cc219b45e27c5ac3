"""What hubbub itself writes into the topic, so that everything that changes an answer is in the log.

A registry that comes into force, and a reply that has waited long enough for its parent: both take effect at
one offset of one partition, and so at the same place in every replay. A header tells them from events.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from schemas.event import Moment

HEADER = "hubbub-control"


class RegistryChange(BaseModel):
    """From here on, events of this partition are seen with this version of the registry."""

    model_config = ConfigDict(frozen=True)
    control: Literal["registry"] = "registry"
    version: Annotated[int, Field(ge=1, lt=2**63)]


class Settle(BaseModel):
    """Replies of one thread, up to a time, take the addressee that the platform names."""

    model_config = ConfigDict(frozen=True)
    control: Literal["settle"] = "settle"
    platform: str
    thread: str
    until: Moment


Control = RegistryChange | Settle
CONTROLS: TypeAdapter[Control] = TypeAdapter(Annotated[Control, Field(discriminator="control")])


def encode(control: Control) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A control as a Kafka message: its value and its headers."""
    return control.model_dump_json().encode(), [(HEADER, control.control.encode())]
