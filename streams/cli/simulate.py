"""`hubbub simulate`: a simulated community as a live feed."""

from typing import Annotated

import typer

from streams.cli.options import AsJson, Data

Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DATE",
        help="Begin on the Monday of this week. Without it: six weeks ago. Name it to start it again later.",
    ),
]
Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="How long the community goes on.")]
Seed = Annotated[int, typer.Option("--seed", help="Picks one of the many communities.")]
Past = Annotated[bool, typer.Option("--past", help="Send only what has happened by now, and end.")]


def simulate(
    *,
    since: Since = None,
    days: Days = 112,
    seed: Seed = 7,
    past: Past = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Send a simulated community to the topic as it goes on, until it ends or Ctrl-C.

    What has happened by now is sent at once, the rest when its time comes. One of the three brands drifts to
    broadcasting in the first eight weeks. Started again with the same --since, it sends the same events,
    which count once. With --data, to the Kafka of the `hubbub up` that runs on that folder.

    Example: hubbub simulate --since 2026-08-03 --data live
    """
    import time
    from datetime import UTC, datetime, timedelta
    from itertools import takewhile

    from schemas.errors import BadInput
    from schemas.settings import load_settings
    from sinks.clickhouse import ClickHouseSink
    from streams.broker import create_topics
    from streams.cli.database import open_client, with_kafka_of
    from streams.cli.play import HISTORY
    from streams.cli.screen import note, write, write_json
    from streams.cli.times import read_time
    from streams.feed import feed
    from streams.kafka import open_producer
    from streams.registries import announce_registry, keep_registry
    from streams.simulator import simulate as live
    from streams.simulator.moved import moved
    from streams.sources.keys import Keys

    def now() -> datetime:
        return datetime.now(UTC)

    begun = now()
    first = read_time(since, "--since") if since else begun - timedelta(weeks=6)
    start = first.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=first.weekday())
    end = start + timedelta(days=days)
    if start > begun:
        raise BadInput(f"{since} is in a week that is still to come", where="--since")
    settings = with_kafka_of(load_settings(), data)
    note(f"simulating {days} days")
    registry, deliveries = moved(live(days, seed, HISTORY), start)
    events, keys = list(deliveries), Keys()
    for _, event in events:
        keys.note(event)  # all of them, whenever it is started: what is sent again has to be the same
    # What is late may arrive long after the end: nobody waits for that.
    timely = takewhile(lambda delivery: delivery.at < (begun if past else end), events)
    create_topics(settings.kafka, settings.topics)
    with open_producer(settings) as producer:
        with open_client(settings, data) as client:
            version = keep_registry(ClickHouseSink(client), registry, begun)
        announce_registry(producer, settings.topic, version)
        note(f"sending to {settings.topic} at {settings.kafka}; Ctrl-C stops it")
        keyed = ((at, keys.keyed(event, number)) for number, (at, event) in enumerate(timely, start=1))
        sent = feed(keyed, producer, settings.topic, now, time.sleep)
    if as_json:
        write_json({"events": sent, "since": start.isoformat(), "until": min(end, now()).isoformat()})
        return
    write(f"sent {sent:,} events of {start:%Y-%m-%d} until {min(end, now()):%Y-%m-%d} to {settings.topic}")
