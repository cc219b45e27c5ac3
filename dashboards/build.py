"""The dashboards' JSON in dashboards/generated, one file each, made from the code beside it.

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
from dashboards.page import built

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER: Final = Path(__file__).parent / "generated"


def generated() -> Mapping[str, str]:
    """The text of every generated file, by its name."""
    return {
        f"{page.uid}.json": json.dumps(built(page), cls=JSONEncoder, indent=2, ensure_ascii=False) + "\n"
        for page in pages()
    }


def differing(folder: Path = FOLDER) -> list[str]:
    """Names of the files that are missing, too many, or not what would be written."""
    wanted = generated()
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write(folder: Path = FOLDER) -> list[str]:
    """Write what differs, remove what is too many.

    Returns:
        The names of these files.
    """
    wanted, changed = generated(), differing(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (folder / name).write_bytes(wanted[name].encode())
        else:
            (folder / name).unlink()
    return changed


def main(arguments: Sequence[str] | None = None, *, folder: Path = FOLDER) -> int:
    """Write the files, or with `--check` compare them.

    Returns:
        The exit code: 0; 1 where a file differs; 2 for unknown arguments.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given not in ([], ["--check"]):
        sys.stderr.write("usage: python -m dashboards.build [--check]\n")
        return 2
    if not given:
        write(folder)
        return 0
    names = differing(folder)
    for name in names:
        sys.stderr.write(f"{name} is not up to date: python -m dashboards.build\n")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
