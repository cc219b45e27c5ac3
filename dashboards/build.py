"""The dashboards' JSON in `generated`, and Grafana's files in `provisioning`, made from the code beside them.

python -m dashboards.build            writes them
python -m dashboards.build --check    fails where one is not what would be written
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards.assembly import pages
from dashboards.destination import PLACES
from dashboards.page import built
from dashboards.provisioning import provisioned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.destination import Destination

HOME: Final = Path(__file__).parent
FOLDERS: Final = ("generated", "provisioning")
"""What is in these is ours alone: whatever else is there is removed."""


def files(to: Destination = PLACES) -> Mapping[str, str]:
    """The text of every file that is made, by its path.

    Args:
        to: What files of provisioning say; by default, the names of variables.
    """
    dashboards = {f"generated/{name}": text for name, text in generated().items()}
    return dashboards | {f"provisioning/{path}": text for path, text in provisioned(to).items()}


def generated() -> Mapping[str, str]:
    """The text of every dashboard's file, by its name."""
    return {
        f"{page.uid}.json": json.dumps(built(page), cls=JSONEncoder, indent=2, ensure_ascii=False) + "\n"
        for page in pages()
    }


def differing(wanted: Mapping[str, str], home: Path = HOME) -> list[str]:
    """Paths of the files that are missing, too many, or not what would be written."""
    there = {
        path.relative_to(home).as_posix(): path.read_text(encoding="utf-8")
        for folder in FOLDERS
        for path in (home / folder).rglob("*")
        if path.is_file()
    }
    return sorted(path for path in wanted.keys() | there.keys() if wanted.get(path) != there.get(path))


def write(wanted: Mapping[str, str], home: Path = HOME) -> list[str]:
    """Write what differs, remove what is too many.

    Returns:
        The paths of these files.
    """
    changed = differing(wanted, home)
    for path in changed:
        if path in wanted:
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(wanted[path].encode())
        else:
            (home / path).unlink()
    return changed


def main(arguments: Sequence[str] | None = None, *, home: Path = HOME) -> int:
    """Write the files, or with `--check` compare them.

    Returns:
        The exit code: 0; 1 where a file differs; 2 for unknown arguments.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given not in ([], ["--check"]):
        sys.stderr.write("usage: python -m dashboards.build [--check]\n")
        return 2
    if not given:
        write(files(), home)
        return 0
    names = differing(files(), home)
    for name in names:
        sys.stderr.write(f"{name} is not up to date: python -m dashboards.build\n")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
