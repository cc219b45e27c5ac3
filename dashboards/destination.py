"""What a Grafana is told of the world around it: its database, where the runbook is, whom to call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from dashboards import config


@dataclass(frozen=True)
class Contact:
    """Whom the alert rules call.

    Args:
        kind: As Grafana calls it: email, webhook, slack...
        settings: What that kind needs; secrets among them do not show in the repr.
    """

    kind: str
    settings: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Destination:
    """A Grafana, and what it is to know.

    Args:
        host: ClickHouse, as Grafana reaches it.
        port: Its port.
        protocol: native or http.
        secure: Whether over TLS.
        user: A user that may only read.
        password: Its password.
        database: The database.
        runbook: Where docs/runbook.md can be read.
        contact: Whom to call; None leaves that to Grafana's own policies.
        datasource_uid: Under which uid Grafana has the database.
    """

    host: str
    port: int
    protocol: str = "native"
    secure: bool = False
    user: str = "grafana_reader"
    password: str = field(default="", repr=False)
    database: str = "hubbub"
    runbook: str = "docs/runbook.md"
    contact: Contact | None = None
    datasource_uid: str = config.DATASOURCE_UID


PLACES: Final = Destination(
    host="${HUBBUB_GRAFANA_CLICKHOUSE_HOST}",
    port=9000,
    password="${HUBBUB_GRAFANA_CLICKHOUSE_PASSWORD}",  # noqa: S106 - the name of a variable
    runbook="${HUBBUB_GRAFANA_RUNBOOK_URL}",
)
"""What files of provisioning say: variables of Grafana's own environment."""


def datasource(to: Destination) -> dict[str, Any]:
    """The data source as Grafana takes it. `secureJsonData` holds the password."""
    return {
        "uid": to.datasource_uid,
        "name": config.DATASOURCE_NAME,
        "type": config.PLUGIN,
        "access": "proxy",
        "jsonData": {
            "host": to.host,
            "port": to.port,
            "protocol": to.protocol,
            "secure": to.secure,
            "username": to.user,
            "defaultDatabase": to.database,
            "dialTimeout": "10",
            "queryTimeout": "60",
        },
        "secureJsonData": {"password": to.password},
    }
