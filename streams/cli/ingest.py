"""`hubbub ingest`: a file into the topic."""

from streams.cli.options import AsJson, Brands, Data, File, Format
from streams.cli.screen import progress, write, write_json


def ingest(
    file: File, *, format_: Format, brands: Brands = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Send a file of events to the topic, keyed by conversation, for the workers to store.

    With --data, to the Kafka of the `hubbub up` that runs on that folder.

    Example: hubbub ingest --format jsonl --brands brands.toml events.jsonl --data .hubbub
    """
    from schemas.settings import load_settings
    from sinks.clickhouse import ClickHouseSink
    from streams.broker import create_topics
    from streams.cli.database import open_client, with_kafka_of
    from streams.cli.registry import Wanted, bring_into_force
    from streams.ingest import ingest as send
    from streams.kafka import open_producer
    from streams.sources import open_source

    settings = load_settings()
    source = open_source(format_, file)
    with progress(f"checking {file.name}", source.size) as advance:
        source.check(advance)
    wanted = Wanted(brands, settings, source)
    settings = with_kafka_of(settings, data)
    create_topics(settings.kafka, {settings.topic: settings.partitions, settings.dead_letter_topic: 1})
    with open_producer(settings) as producer:
        if wanted:
            with open_client(settings, data) as client:
                bring_into_force(wanted, ClickHouseSink(client), settings.topic, producer)
        with progress(f"sending {file.name}", source.size) as advance:
            sent = send(source, producer, settings.topic, advance)
    if as_json:
        write_json({"events": sent, "topic": settings.topic, "kafka": settings.kafka})
        return
    write(f"sent {sent:,} events of {file} to {settings.topic} at {settings.kafka}")
    write(f"the workers store them now; next: hubbub report{f' --data {data}' if data else ''}")
