"""`hubbub rebuild`: everything counted anew, while the old is served."""

from typing import Annotated

import typer

from streams.cli.options import AsJson, Data

Restart = Annotated[bool, typer.Option("--restart", help="Drop what a rebuild has left that was cut off.")]

_STEPS = 1000


def rebuild(data: Data = None, *, restart: Restart = False, as_json: AsJson = False) -> None:
    """Count everything anew, from the start of the topic and from what is stored; then serve that.

    For a topic whose partitions were added to, and whenever the numbers are in doubt. Workers may go on: what
    is there is served until the new tables take its place, in one go. Do not replay files meanwhile.

    With --data and no hubbub up on that folder there is no topic: all comes from what is stored.

    Example: hubbub rebuild --data .hubbub
    """
    from schemas.settings import load_settings
    from streams.cli.database import open_client, serving, with_kafka_of
    from streams.cli.screen import progress, write, write_json
    from streams.epochs import describe_topic
    from streams.rebuild import rebuild as count_anew

    settings = load_settings()
    topic = None
    if data is None or serving(settings, data):
        settings = with_kafka_of(settings, data)
        topic = describe_topic(settings.kafka, settings.topic)
    with open_client(settings, data) as client, progress("rebuilding", _STEPS) as advance:
        done = count_anew(
            settings,
            client,
            topic,
            restart=restart,
            on_progress=lambda events, total: advance(_STEPS * events // max(1, total)),
        )
    if as_json:
        write_json(
            {
                "epoch": done.epoch,
                "events": done.events,
                "carried": done.carried,
                "refused": done.refused,
            }
        )
        return
    if topic is not None:
        write(f"read {done.events:,} records of {topic.name}, of which {done.refused:,} were refused")
    write(f"took over {done.carried:,} activities that only the database had")
    write(f"what is served now is epoch {done.epoch}; hubbub reconcile checks it")
