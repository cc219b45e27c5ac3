"""`hubbub dead-letters`: what was refused, why, and once more into the stream."""

import sys
from typing import Annotated

import typer

from streams.cli.options import AsJson, Data
from streams.cli.screen import write, write_json

At = Annotated[
    str, typer.Argument(metavar="PLACE", help="Where it stood: topic/epoch/partition/offset, as list has it.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="NAME", help="Only what was refused for this.")]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Only what was refused then or later, UTC.")
]
Everything = Annotated[bool, typer.Option("--all", help="Also those that were replayed.")]
Raw = Annotated[bool, typer.Option("--raw", help="Only the body, byte for byte.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")]


def list_(
    reason: Reason = "",
    since: Since = None,
    everything: Everything = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Count the dead letters that are open, by reason and field, with examples of each.

    Example: hubbub dead-letters list --since 2026-01-31 --data .hubbub
    """
    from schemas.settings import load_settings
    from sinks.letters import Wanted, groups
    from streams.cli.database import open_client
    from streams.cli.letters import group_json, table
    from streams.cli.screen import stdout
    from streams.cli.times import read_time

    wanted = Wanted(reason, read_time(since, "--since") if since else None, everything)
    with open_client(load_settings(), data) as client:
        found = groups(client, wanted)
    if as_json:
        count = sum(group.count for group in found)
        write_json({"letters": count, "groups": [group_json(group) for group in found]})
    elif found:
        stdout().print(table(found))
        write("one of them: hubbub dead-letters show PLACE; again: hubbub dead-letters replay --dry-run")
    else:
        write("no dead letters" + (" like that" if reason or since else ""))


def show(at: At, raw: Raw = False, data: Data = None, as_json: AsJson = False) -> None:
    """Show one dead letter: why it was refused, and what it says.

    The epoch may be left out where only one has a letter there.

    Example: hubbub dead-letters show social.events/1/3/120 --data .hubbub
    """
    from schemas.settings import load_settings
    from streams.cli.database import open_client
    from streams.cli.letters import letter_json, letter_lines, one_letter

    with open_client(load_settings(), data) as client:
        letter = one_letter(client, at)
    if raw:
        sys.stdout.buffer.write(letter.body)
    elif as_json:
        write_json(letter_json(letter))
    else:
        for line in letter_lines(letter):
            write(line)


def replay(
    reason: Reason = "",
    since: Since = None,
    dry_run: DryRun = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Decode the open dead letters again, and bring those in that can be used today; the others stay.

    They go to the topic: to the Kafka of the hubbub up that runs on --data, or else to the one that
    HUBBUB_KAFKA names. With a folder alone they are folded straight into its database. A refused control
    never becomes an event. Replaying twice changes nothing.

    Example: hubbub dead-letters replay --reason wrong_type --dry-run --data .hubbub
    """
    from datetime import UTC, datetime

    from schemas.settings import load_settings
    from sinks.clickhouse import ClickHouseSink
    from sinks.letters import Wanted, letters
    from streams.cli.database import open_client, with_kafka_of
    from streams.cli.letters import refused_counts
    from streams.cli.times import read_time
    from streams.letters import bring_in, judge

    wanted = Wanted(reason, read_time(since, "--since") if since else None)
    settings = with_kafka_of(load_settings(), data, needed=False)
    # A folder that nothing runs on, and no Kafka named: whoever has that has no topic either.
    through_kafka = data is None or "kafka" in settings.model_fields_set
    with open_client(settings, data) as client:
        judged = judge(letters(client, wanted), keep_direct=settings.keep_direct)
        again = 0
        if not dry_run:
            sink = ClickHouseSink(client)
            again = bring_in(judged, sink, settings, datetime.now(UTC), through_kafka=through_kafka)
    to = f"{settings.topic} at {settings.kafka}" if through_kafka else f"database {settings.database}"
    refused = refused_counts(judged)
    if as_json:
        done = {"replayed": len(judged.usable), "dropped": len(judged.dropped), "refused_again": again}
        write_json({**done, "refused": refused, "to": to, "dry_run": dry_run})
        return
    write(f"{'would replay' if dry_run else 'replayed'} {len(judged.usable):,} dead letters to {to}")
    if judged.dropped:
        write(f"{len(judged.dropped):,} are direct messages, and dropped; HUBBUB_KEEP_DIRECT=1 counts them")
    if again:
        write(f"{again:,} of them break the fold still: they are dead letters again, in another place")
    for each in refused:
        write(
            f"{each['count']:,} are still refused: {' '.join(filter(None, (each['reason'], each['field'])))}"
        )
