"""`hubbub worker`: the Faust worker, in the foreground."""

import logging

from streams.cli.options import BrandsFile, Data


def worker(brands: BrandsFile = None, data: Data = None) -> None:
    """Read events from Kafka, and write what they make to ClickHouse, until Ctrl-C.

    Run as many as the topic has partitions at the most. With --data, on the database in that folder, and on
    the Kafka of the hubbub up that runs there, if one does.

    Example: HUBBUB_KAFKA=kafka:9092 HUBBUB_CLICKHOUSE=http://clickhouse:8123 hubbub worker
    """
    from streams.arenas import share_one_arena

    share_one_arena()
    from schemas.settings import load_settings
    from sinks.alerts import AlertStore
    from sinks.clickhouse import ClickHouseSink
    from sinks.vitals import VitalsTables
    from streams.broker import create_topics
    from streams.cli.database import open_client, with_kafka_of
    from streams.cli.registry import Wanted, bring_into_force
    from streams.cli.screen import note
    from streams.cli.serve import serve
    from streams.kafka import open_producer
    from streams.registries import newest_registry
    from streams.worker import create_worker

    settings = load_settings()
    wanted = Wanted(str(brands) if brands else None, settings)
    settings = with_kafka_of(settings, data, needed=False)
    create_topics(settings.kafka, settings.topics)
    with open_client(settings, data) as client:
        sink = ClickHouseSink(client)
        sink.newest_registry()  # says so when there are no tables, before Kafka hands out a partition
        if wanted:
            with open_producer(settings) as producer:
                bring_into_force(wanted, sink, settings.topic, producer)
        if not newest_registry(sink).brand:
            logging.getLogger("hubbub").warning("no brand is known yet: nothing counts until --brands FILE")
        topics = " and ".join(filter(None, (settings.topic, settings.rekey_from)))
        note(f"reading {topics} at {settings.kafka}; Ctrl-C stops it")
        serve(create_worker(settings, sink, AlertStore(client), VitalsTables(client).write))
