"""`hubbub forget`: what an account has done, out of every table."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import AsJson, Data
from streams.cli.screen import note, write, write_json

if TYPE_CHECKING:
    from streams.forgetting import Forgotten

STAYS = (
    "what stays: the bare id of the account, so that answers to it keep their direction; what others have "
    "said of it; and the topics in Kafka, until their retention ends"
)


def forget(
    account: Annotated[
        list[str], typer.Option("--account", metavar="PLATFORM:ID", help="The account; may be given again.")
    ],
    *,
    data: Data = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what there is to forget.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    direct: Annotated[
        bool, typer.Option("--direct", help="Without Kafka, where no worker has ever run on the database.")
    ] = False,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", help="How long the workers may take.")
    ] = 60.0,
    as_json: AsJson = False,
) -> None:
    """Forget all that an account has done up to now, as if it had deleted it, and what is known of it.

    Its messages and reactions count no more; text, name, handle and followers are gone from every table, on
    disk too. The same is true of what comes later, or again. The workers do it, so they must be running;
    with --data, those of the hubbub up on that folder, or nobody: then it is done at once.

    Example: hubbub forget --account bluesky:did:plc:abc --data .hubbub
    """
    from schemas.errors import BadInput
    from schemas.settings import load_settings
    from sinks.clickhouse import ClickHouseSink
    from streams.broker import create_topics
    from streams.cli.database import open_client, serving, with_kafka_of
    from streams.epochs import describe_topic, epoch_of
    from streams.forgetting import announce, forget_here, look_up, parse_account, wait_for_workers
    from streams.kafka import open_producer

    settings = load_settings()
    accounts = list(dict.fromkeys(parse_account(name) for name in account))
    if not (yes or dry_run) and (as_json or not sys.stdin.isatty()):
        raise BadInput("nobody is there to be asked: add it, or --dry-run to look first", where="--yes")
    alone = direct or (data is not None and serving(settings, data) is None)
    settings = settings if alone else with_kafka_of(settings, data, needed=False)
    until = datetime.now(UTC)
    with open_client(settings, data) as client:
        sink = ClickHouseSink(client)
        found = [look_up(sink, *one, until) for one in accounts]
        if not dry_run:
            if not yes:
                for one in found:
                    write(f"there are {_told(one)}")
                typer.confirm("Forget this? It cannot be undone.", abort=True)
            if alone:
                forget_here(sink, settings, accounts, until)
            else:
                create_topics(settings.kafka, {settings.topic: settings.partitions})
                with open_producer(settings) as producer:
                    announced = announce(producer, settings.topic, accounts, until)
                note("waiting for the workers")
                epoch = epoch_of(describe_topic(settings.kafka, settings.topic), sink, until)
                wait_for_workers(sink, epoch, announced, wait)
            for platform, id_ in accounts:
                sink.purge(platform, id_, until)
    if as_json:
        told = [asdict(one) | {"until": one.until.isoformat()} for one in found]
        write_json({"accounts": told, "forgotten": not dry_run})
        return
    for one in found:
        write(f"{'there are' if dry_run else 'forgotten:'} {_told(one)}")
    if not dry_run:
        write(STAYS)


def _told(one: "Forgotten") -> str:
    return (
        f"{one.messages:,} messages and {one.reactions:,} reactions in {one.conversations:,} conversations, "
        f"and {one.dead_letters:,} dead letters, by {one.account} on {one.platform}"
    )
