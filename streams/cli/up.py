"""`hubbub up`: the embedded stack, in the foreground."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import BrandsFile

Folder = Annotated[Path, typer.Option("--data", metavar="DIR", help="Where the data is kept.")]
KafkaPort = Annotated[
    int, typer.Option("--kafka-port", min=0, max=65535, help="Port of Kafka on this machine; 0: any.")
]
HttpPort = Annotated[
    int, typer.Option("--http-port", min=0, max=65535, help="Port of ClickHouse on this machine; 0: any.")
]
PreviewPort = Annotated[
    int | None,
    typer.Option(
        "--preview-port",
        min=0,
        max=65535,
        help="Port of the dashboards; without it 3003, or any where taken.",
    ),
]
Workers = Annotated[int, typer.Option("--workers", min=0, max=64, help="Worker processes.")]

_LOOK = 0.5  # seconds between two looks whether all parts still run


def up(  # noqa: PLR0917 - typer calls it, by name
    data: Folder = Path(".hubbub"),
    kafka_port: KafkaPort = 9092,
    http_port: HttpPort = 8123,
    preview_port: PreviewPort = None,
    workers: Workers = 1,
    brands: BrandsFile = None,
) -> None:
    """Run Kafka, ClickHouse, workers and dashboards on this machine, with nothing to install, until Ctrl-C.

    The database stays in its folder; the topics are kept in memory and end with the command.

    Example: hubbub up --data community --brands brands.toml
    """
    import time

    from dashboards.preview.server import Preview
    from schemas.settings import load_settings
    from sinks.clickhouse import ClickHouseSink
    from streams.cli.read_only import open_read_only
    from streams.cli.registry import Wanted, bring_into_force
    from streams.kafka import open_producer
    from streams.stack import Stack

    settings = load_settings()
    wanted = Wanted(str(brands) if brands else None, settings)
    ports = {"kafka_port": kafka_port, "http_port": http_port}
    try:
        with Stack(data, settings, workers=workers, **ports) as stack:
            if wanted:
                with open_producer(stack.settings) as producer:
                    sink = ClickHouseSink(stack.client())
                    bring_into_force(wanted, sink, stack.settings.topic, producer)
            with (
                open_read_only(stack.settings, None) as source,
                Preview(source, port=preview_port) as dashboards,
            ):
                _welcome(data, stack.settings.kafka, stack.settings.clickhouse_place, dashboards.address)
                while True:
                    stack.check()
                    time.sleep(_LOOK)
    except (KeyboardInterrupt, SystemExit):  # the usual end of it
        return


def _welcome(data: Path, kafka: str, clickhouse: str, dashboards: str) -> None:
    import sys

    from streams.cli.screen import write

    write(f"Kafka       {kafka}")
    write(f"ClickHouse  {clickhouse}")
    write(f"dashboards  {dashboards}")
    write(f"data        {data}")
    write("")
    write("In another terminal:")
    write(f"  hubbub ingest --format twcs --brands auto twcs.csv --data {data}")
    write(f"  hubbub report --data {data}")
    write(f"  hubbub sql 'SHOW TABLES' --data {data}")
    write("")
    write("Ctrl-C stops it.")
    sys.stdout.flush()
