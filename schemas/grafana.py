"""Where Grafana is and what it is to be told: `HUBBUB_GRAFANA_...` in the environment or `.env`."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.settings import from_environment

CONTACTS = ("email", "slack", "webhook")


class GrafanaSettings(BaseSettings):
    """Settings of `hubbub dashboards push`. Secrets do not show in reprs."""

    model_config = SettingsConfigDict(
        env_prefix="HUBBUB_GRAFANA_",
        env_file=".env",
        extra="ignore",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    url: str = "http://127.0.0.1:3000"
    """Grafana's address, with its path where it has one."""
    token: SecretStr = SecretStr("")
    """Token of a service account: Editor for dashboards and rules, Admin for the data source too."""
    timeout: Annotated[float, Field(gt=0)] = 10.0
    """Seconds that an answer may take."""
    clickhouse_host: str = ""
    """ClickHouse as Grafana reaches it; empty: Grafana has the data source `clickhouse` already."""
    clickhouse_port: Annotated[int, Field(ge=1, le=65_535)] = 9000
    """Its port; of the native protocol, or of HTTP."""
    clickhouse_protocol: Literal["native", "http"] = "native"
    """How Grafana talks to it."""
    clickhouse_secure: bool = False
    """Whether over TLS."""
    clickhouse_user: str = "grafana_reader"
    """A user that may only read."""
    clickhouse_password: SecretStr = SecretStr("")
    """Its password."""
    database: Annotated[
        str, Field(validation_alias=AliasChoices("HUBBUB_GRAFANA_DATABASE", "HUBBUB_DATABASE"))
    ] = "hubbub"
    """The database."""
    contact: SecretStr = SecretStr("")
    """Whom alerts call: `email:ops@example.com`, `slack:https://...`, `webhook:https://...`; or nobody."""
    runbook_url: str = "docs/runbook.md"
    """Where docs/runbook.md can be read."""

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            fits = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
        except ValueError:
            fits = False
        if not fits:
            raise PydanticCustomError("address", "is no address; it reads like http://127.0.0.1:3000")
        if parts.username or parts.password:
            raise PydanticCustomError("login", "holds a user or a password; use HUBBUB_GRAFANA_TOKEN")
        return url

    @field_validator("contact")
    @classmethod
    def _contact(cls, contact: SecretStr) -> SecretStr:
        kind, _, target = contact.get_secret_value().partition(":")
        if contact.get_secret_value() and (kind not in CONTACTS or not target):
            raise PydanticCustomError(
                "contact", "reads like email:ops@example.com, slack:https://... or webhook:https://..."
            )
        return contact


def load_grafana() -> GrafanaSettings:
    """Settings from the environment.

    Raises:
        BadInput: A variable has an unusable value; the message names it and never shows a secret.
    """
    return from_environment(GrafanaSettings)
