"""Settings, from the environment (`HUBBUB_...`) and a file `.env` in the working folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.errors import BadInput

Some = TypeVar("Some", bound=BaseSettings)
"""A kind of settings."""

_PORTS = {"http": 8123, "https": 8443}
"""Where ClickHouse listens if nobody says otherwise."""


class Settings(BaseSettings):
    """Where hubbub's servers are and how it behaves. Secrets do not show in reprs."""

    model_config = SettingsConfigDict(
        env_prefix="HUBBUB_", env_file=".env", extra="ignore", use_attribute_docstrings=True
    )

    kafka: str = "127.0.0.1:9092"
    """Kafka's bootstrap servers, `host:port`, separated by commas."""
    clickhouse: SecretStr = SecretStr("http://127.0.0.1:8123")
    """ClickHouse's HTTP address, `http[s]://[user:password@]host:port`."""
    database: str = "hubbub"
    """The database in ClickHouse."""
    topic: str = "social.events"
    """Topic of the social events, keyed by conversation."""
    dead_letter_topic: str = "social.dead-letters"
    """Topic of what was refused."""
    alert_topic: str = "social.alerts"
    """Topic of the changes of alerts."""
    group: str = "hubbub"
    """Consumer group of the workers."""
    partitions: Annotated[int, Field(ge=1, le=65_536)] = 8
    """Partitions of topics that hubbub creates."""
    brands: Path | None = None
    """The brand registry, `brands.toml`; absent: the one that the database holds."""
    keep_direct: bool = False
    """Whether direct messages are counted, always without their text, instead of dropped."""
    flush_events: Annotated[int, Field(ge=1)] = 20_000
    """Events that are gathered at the most before rows are written."""
    flush_seconds: Annotated[float, Field(gt=0)] = 1.0
    """Seconds after which rows are written at the latest."""
    cache_activities: Annotated[int, Field(ge=0)] = 80_000
    """Activities of recent threads that a worker keeps in memory, at the most."""
    dead_letter_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Share of the last 2,000 events that may be refused before the worker stops; 1: no limit."""
    dead_letter_run: Annotated[int, Field(ge=0)] = 1_000
    """Events in a row that may be refused before the worker stops; 0: no limit."""
    settle_seconds: Annotated[float, Field(gt=0)] = 600.0
    """Seconds between looks for replies that have waited a week for their parent."""
    alert_seconds: Annotated[float, Field(gt=0)] = 600.0
    """Seconds between looks whether a day has closed whose alerts are not judged yet."""
    health: Annotated[str, Field(pattern=r"^(.+:\d{1,5})?$")] = ""
    """Where a worker tells how it does, `host:port`; empty: nowhere. Worker n of a stack takes port + n."""
    worker: str = ""
    """What a worker is called in `pipeline_minutely`; empty: its host's name and its process id."""
    vitals_seconds: Annotated[float, Field(ge=0)] = 15.0
    """Seconds between two looks of a worker at itself, which it writes to the database; 0: none."""
    vitals_days: Annotated[int, Field(ge=1, le=3_650)] = 30
    """Days for which what it wrote is kept."""
    drain_seconds: Annotated[float, Field(gt=0)] = 10.0
    """Seconds that a worker has to store what it holds when partitions are revoked; the rest comes again."""
    session_timeout: Annotated[float, Field(ge=1)] = 30.0
    """Seconds without a heartbeat after which Kafka takes a worker for dead."""

    sentiment_share: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of the messages whose sentiment is told; which ones hangs on their ids only. 0: none."""

    compiled: bool = True
    """Whether to fold compiled, where that is built: the same, in a fraction of the time."""

    rekey_from: str = ""
    """Topic of events that are not keyed by conversation: workers send them on to `topic`; empty: none."""
    rekey_whole: str = ""
    """Platforms of that topic where only some messages name their conversation, separated by commas."""
    rekey_hold_seconds: Annotated[float, Field(ge=0)] = 10.0
    """Seconds for which an event of that topic is held whose conversation is not known yet."""
    rekey_ids: Annotated[int, Field(ge=0)] = 500_000
    """Ids of that topic whose conversation a worker remembers, at the most."""

    @field_validator("rekey_from")
    @classmethod
    def _no_circle(cls, name: str, info: ValidationInfo) -> str:
        written = [info.data.get(setting) for setting in ("topic", "dead_letter_topic", "alert_topic")]
        if name and name in written:
            raise PydanticCustomError("circle", "is a topic that hubbub writes to; name another")
        return name

    @property
    def topics(self) -> dict[str, int]:
        """The topics that workers need, and how many partitions each gets when hubbub makes it."""
        topics = {self.topic: self.partitions, self.dead_letter_topic: 1, self.alert_topic: 1}
        return topics | ({self.rekey_from: self.partitions} if self.rekey_from else {})

    @property
    def clickhouse_place(self) -> str:
        """Where ClickHouse is, without user and password: for logs and errors.

        Raises:
            ValueError: The setting is no HTTP address; the message does not hold it.
        """
        try:
            parts = urlsplit(self.clickhouse.get_secret_value())
            scheme, host, usual = parts.scheme, parts.hostname or "", _PORTS[parts.scheme]
            port = parts.port or usual
        except (ValueError, KeyError):  # their messages quote the setting
            raise ValueError("not an HTTP address") from None
        if not host:
            raise ValueError("not an HTTP address")
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

    def environment(self) -> dict[str, str]:
        """The variables that give these settings to a child process; secrets included."""
        return {
            f"{self.model_config['env_prefix']}{name.upper()}": (
                value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            )
            for name, value in self
            if value is not None
        }


def from_environment(kind: type[Some]) -> Some:
    """Settings of some kind from the environment.

    Raises:
        BadInput: A variable has an unusable value; the message names it and never shows a secret.
    """
    try:
        return kind()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(first["msg"], where=f"{kind.model_config['env_prefix']}{name}") from None
    except UnicodeDecodeError:
        raise BadInput("is not UTF-8 text; save it as UTF-8", where=".env") from None
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=".env") from None


def load_settings() -> Settings:
    """Settings from the environment.

    Raises:
        BadInput: A variable has an unusable value; the message names it and never shows a secret.
    """
    settings = from_environment(Settings)
    try:
        _ = settings.clickhouse_place
    except ValueError:
        raise BadInput(
            "is no address; it reads like http://127.0.0.1:8123", where="HUBBUB_CLICKHOUSE"
        ) from None
    return settings
