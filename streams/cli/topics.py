"""What a Kafka tells about itself."""

from __future__ import annotations

from contextlib import closing

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from schemas.errors import Stop
from streams.broker import listens

_TIMEOUT = 5.0


def topics_of(bootstrap: str) -> tuple[str, dict[str, int]]:
    """The brokers in a few words, and each topic's partitions.

    Args:
        bootstrap: `host:port`, separated by commas.

    Raises:
        Stop: No broker answers.
    """
    servers = bootstrap.split(",")
    if not any(listens(server, _TIMEOUT) for server in servers):
        raise Stop(f"no broker answers at {bootstrap}")
    try:
        with closing(
            KafkaAdminClient(bootstrap_servers=servers, bootstrap_timeout_ms=int(_TIMEOUT * 1000))
        ) as admin:
            brokers = admin.describe_cluster()["brokers"]
            speaks = admin.get_broker_version_data(brokers[0]["broker_id"]).broker_version
            topics = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
    except KafkaError as error:
        raise Stop(f"what answers at {bootstrap} is no Kafka: {type(error).__name__}") from error
    return f"{len(brokers)} broker{'s' if brokers[1:] else ''} (speaks {'.'.join(map(str, speaks))})", topics
