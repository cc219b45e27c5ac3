"""The data set: events of the simulator, as many as wanted, made once and kept in a file.

A line is a message's key, a tab, and the event as JSON: about 570 bytes. Beside it stands the registry of its
brands. Communities live side by side through the same week, so the more of them there are, the more
conversations are open at a time.

    python -m bench.data --events 1000000 --data .bench
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.template import COMMUNITY, GROUP, ROOT, WORDS, week
from schemas.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.template import Week

FOLDER = Path(".bench")
BRANDS = 3
_WORDS = """
amber basin birch bridge canvas carbon cedar circle cobalt copper corner cotton delta ember engine fabric
field forest garden gravel harbor hollow island jacket kettle ladder lantern linen marble meadow metal
mirror morning mountain needle notebook orange paper pebble pencil pepper pocket powder quarry ribbon
river saddle shadow shelter silver spiral station summer table thread timber tunnel valley velvet walnut
window
""".split()  # noqa: SIM905 - a list of words reads best as text


@dataclass(frozen=True, slots=True)
class World:
    """What the events are like."""

    events: int
    conversations: int | None = None
    """Fewer: they grow longer, across communities. More: only their first events are sent. None: as they
    come, one for about eight events."""
    brands: int = BRANDS
    late: float | None = None
    """Share of the events that come up to the whole stream later than they should, 0 to 1; all others are in
    order. None: as untidy as the simulator is."""
    seed: int = 7

    @property
    def name(self) -> str:
        """What the file is called."""
        late = "untidy" if self.late is None else f"{self.late:g}"
        return f"{self.events}-{self.conversations or 'all'}-{self.brands}-{late}-{self.seed}"


@dataclass(frozen=True, slots=True)
class Data:
    """A data set on disk."""

    path: Path

    @property
    def registry(self) -> Registry:
        """The brands of its events."""
        return Registry.model_validate_json(self._registry.read_bytes())

    def lines(self) -> Iterator[tuple[bytes, bytes]]:
        """Key and body of every event."""
        with self.path.open("rb", buffering=1 << 20) as file:
            for line in file:
                key, _, body = line.rstrip(b"\n").partition(b"\t")
                yield key, body

    @property
    def _registry(self) -> Path:
        return self.path.with_suffix(".registry.json")

    def make(self, world: World) -> None:
        """Write the files."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        stencils = _week(world)
        self._registry.write_text(stencils.registry(world.brands).to_json(), encoding="utf-8")
        draft = self.path.with_suffix(".new")
        with draft.open("w", encoding="utf-8", buffering=1 << 20) as file:
            file.writelines(f"{key}\t{body}\n" for key, body in _events(world, stencils))
        draft.replace(self.path)


def data_set(world: World, folder: Path = FOLDER) -> Data:
    """The data set of a world, made if it is not in the folder yet."""
    data = Data(folder / f"{world.name}.tsv")
    if not data.path.exists():
        sys.stderr.write(f"making {world.events:,} events in {data.path}\n")
        data.make(world)
    return data


def _week(world: World) -> Week:
    longest = None
    if world.conversations is not None:
        longest = max(1, -(-world.events // world.conversations))
    return week(world.seed, in_order=world.late is not None, longest=longest)


def _events(world: World, stencils: Week) -> Iterator[tuple[str, str]]:
    """Keys and bodies, in the order in which they come."""
    rng = Random(world.seed)
    groups = stencils.groups(world.brands)
    communities = max(-(-world.events // len(stencils.events)), len(groups))
    rooms = communities
    if world.conversations is not None:
        rooms = max(1, min(communities, round(world.conversations / stencils.conversations)))
    for number, (place, community) in enumerate(_places(rng, world, len(stencils.events), communities)):
        if number == world.events:
            return
        stencil = stencils.events[place]
        own, root, group = f"{community:05}", f"{community % rooms:05}", groups[community % len(groups)]
        body = stencil.body.replace(COMMUNITY, own).replace(ROOT, root).replace(GROUP, group)
        if WORDS in body:
            body = body.replace(WORDS, f" {' '.join(rng.choices(_WORDS, k=2))} {number}")
        yield stencil.key.replace(COMMUNITY, own).replace(ROOT, root).replace(GROUP, group), body


def _places(rng: Random, world: World, length: int, communities: int) -> Iterator[tuple[int, int]]:
    """Which event of the week comes next, of which community."""
    held: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for place in range(length):
        for community in range(communities):
            if world.late and rng.random() < world.late:
                held[min(length - 1, rng.randrange(place, length) + 1)].append((place, community))
            else:
                yield place, community
        yield from held.pop(place, ())


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Options that every program has that needs a data set."""
    parser.add_argument("--seed", type=int, default=7, help="picks the simulated world (%(default)s)")
    parser.add_argument(
        "--data", type=Path, default=FOLDER, help="folder where data sets are kept (default: %(default)s)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1_000_000, help="events (default: %(default)s)")
    parser.add_argument("--conversations", type=int, help="conversations; default: as they come")
    parser.add_argument("--brands", type=int, default=BRANDS, help="brands (default: %(default)s)")
    parser.add_argument("--late", type=float, help="share of late events; default: as untidy as they come")
    add_data_options(parser)
    options = parser.parse_args()
    world = World(options.events, options.conversations, options.brands, options.late, options.seed)
    print(data_set(world, options.data).path)


if __name__ == "__main__":
    main()
