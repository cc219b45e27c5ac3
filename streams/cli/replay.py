"""`hubbub replay`: a file into the database, without Kafka."""

from streams.cli.options import AsJson, Brands, Data, File, Format
from streams.cli.screen import progress, write, write_json

NO_BRANDS = "no brand is known, so nothing would count; name a registry, or auto for a twcs file"


def replay(
    file: File, *, format_: Format, brands: Brands = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Fold a file of events into the database: the same core as the worker's, without Kafka.

    Makes the tables if need be. Replaying a file again changes nothing.

    Example: hubbub replay --format twcs --brands auto twcs.csv --data community
    """
    from schemas.errors import BadInput
    from schemas.settings import load_settings
    from sinks.clickhouse import ClickHouseSink
    from sinks.migrate import migrate
    from streams.cli.database import open_client
    from streams.cli.registry import Wanted
    from streams.registries import newest_registry
    from streams.replay import replay as fold
    from streams.sources import open_source

    settings = load_settings()
    source = open_source(format_, file)
    with progress(f"checking {file.name}", source.size) as advance:
        source.check(advance)
    wanted = Wanted(brands, settings, source)
    if not wanted and data is not None and not data.exists():
        raise BadInput(NO_BRANDS, where="--brands")
    with open_client(settings, data, create=True) as client:
        migrate(client, settings.database)
        sink = ClickHouseSink(client)
        if wanted:
            wanted.keep(sink)
        elif not newest_registry(sink).brand:
            raise BadInput(NO_BRANDS, where="--brands")
        with progress(f"replaying {file.name}", source.size) as advance:
            done = fold(source, file, sink, settings, advance)
    if as_json:
        write_json({"events": done.events, "refused": done.refused, "dropped": done.dropped})
        return
    write(f"replayed {done.events:,} events of {file} into database {settings.database}")
    if done.refused:
        where = f" --data {data}" if data else ""
        write(f"{done.refused:,} were refused; why: hubbub dead-letters list{where}")
    if done.dropped:
        write(f"{done.dropped:,} direct messages were dropped; HUBBUB_KEEP_DIRECT=1 counts them")
    write(f"next: hubbub report{f' --data {data}' if data else ''}")
