"""Whether a database says what one clean pass over the distinct events would have made it say."""

from __future__ import annotations

from collections import Counter
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from difflib import unified_diff
from itertools import islice
from typing import TYPE_CHECKING

from support.world import FOREVER, bad, identity

from schemas.rows import MARKS
from sinks.clickhouse import ClickHouseSink
from sinks.migrate import migrate
from sinks.views import views
from streams.control import Concerned, Forget
from streams.decode import Arrival, decode
from streams.ingest import message
from streams.pipeline import Batch, Pipeline, Source
from streams.registries import keep_registry
from streams.replay import Line
from streams.settlement import settlements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clickhouse_connect.driver.client import Client
    from support.world import Message, World

    from sinks.engine import Engine

Tables = dict[str, list[bytes]]

LONGEST = 60
"""Lines of a difference that are shown."""
_ACTIVITIES = f"""SELECT platform, thread, id, activity, version, published, body, waiting
    FROM activities FINAL WHERE activity NOT IN {tuple(sorted(MARKS))} ORDER BY ALL"""


def read_tables(client: Client) -> Tables:
    """Everything that is to be the same: all views, and what the fold remembers; rows as text, in order.

    Left out is how much a row has seen and where it comes from, and dead letters, which name their offset.
    """
    names = sorted(views("").keys() - {"dead_letter_facts"})
    selects = {name: f"SELECT * FROM {name} ORDER BY ALL" for name in names} | {"activities": _ACTIVITIES}
    return {
        name: client.raw_query(f"{select} FORMAT TSVWithNames").splitlines()
        for name, select in selects.items()
    }


@contextmanager
def fresh_database(engine: Engine, name: str) -> Iterator[Client]:
    """A migrated database for a while, and a client of it."""
    with closing(engine.client()) as client:
        migrate(client, name)
        client.database = name
        try:
            yield client
        finally:
            client.command(f"DROP DATABASE {name} SYNC")


def one_clean_pass(world: World, engine: Engine) -> Tables:
    """One worker, every activity once and in order, the newest registry, one forgotten, and all settled."""
    now = datetime.now(UTC)
    with fresh_database(engine, "clean") as client:
        sink = ClickHouseSink(client)
        keep_registry(sink, world.registries[-1], now)
        pipeline = Pipeline(sink)
        pipeline.assign(Source("clean", 1), 0, 0)
        logged = int(now.timestamp() * 1000)
        lines = [Line(offset, message(event), logged) for offset, event in enumerate(world.distinct)]
        arrivals = decode(lines).arrivals
        end = len(lines)
        sink.write(pipeline.fold({0: Batch(arrivals, [], 0, end)}, now))
        platform, account = world.forgotten
        forget = Forget(platform=platform, account=account, until=FOREVER, threads=Concerned.ALL)
        assert sink.held(platform, account, FOREVER), "the world is to have somebody to forget"
        sink.write(pipeline.fold({0: Batch([Arrival(end, forget)], [], end, end + 1)}, now))
        end += 1
        due = [Arrival(end + number, item) for number, item in enumerate(settlements(sink, now, 1, 0))]
        assert due, "the world is to have replies whose parent never comes"
        sink.write(pipeline.fold({0: Batch(due, [], end, end + len(due))}, now))
        return read_tables(client)


def assert_same(found: Tables, clean: Tables) -> None:
    """Fail with a difference that people can read."""
    different = [
        "\n".join(islice(_difference(name, clean[name], found[name]), LONGEST))
        for name in clean
        if clean[name] != found[name]
    ]
    assert not different, "\n\n".join(["these are not what the clean pass says:", *different])


def _difference(name: str, clean: Sequence[bytes], found: Sequence[bytes]) -> Iterator[str]:
    text = ([line.decode(errors="replace") for line in lines] for lines in (clean, found))
    return unified_diff(*text, f"{name}, clean", f"{name}, found", n=0, lineterm="")


def assert_nothing_lost(client: Client, world: World) -> None:
    """Fail where an event is not there, or there twice: each is in exactly one thread."""
    rows = client.query(
        "SELECT platform, id, activity, version FROM activities FINAL "
        f"WHERE activity NOT IN {tuple(sorted(MARKS))}"
    ).result_rows
    stored = Counter(rows)
    wanted = Counter(identity(event) for event in world.distinct if event.visibility != "direct")
    lost, double = wanted - stored, stored - wanted
    assert not lost, f"{len(lost)} events are lost, such as {next(iter(lost))}"
    assert not double, f"{len(double)} events are there twice, such as {next(iter(double))}"


def assert_refused(client: Client, sent: Mapping[Message, int]) -> None:
    """Fail unless every unusable message that was sent is a dead letter, as often as it was sent."""
    refused = [note for note in sent if bad(note)]
    decoded = decode([Line(number, note.value, 0) for number, note in enumerate(refused)])
    wanted = Counter(
        {
            (one.error.reason, one.error.field, one.error.detail, one.body): sent[refused[one.offset]]
            for one in decoded.refusals
        }
    )
    rows = client.query(
        "SELECT reason, field, detail, body FROM dead_letters FINAL", column_formats={"body": "bytes"}
    ).result_rows
    lost, double = wanted - Counter(rows), Counter(rows) - wanted
    assert not lost, f"{lost.total()} dead letters are lost, such as {next(iter(lost))}"
    assert not double, f"{double.total()} dead letters are too many, such as {next(iter(double))}"
    assert len(decoded.refusals) == len(refused)
