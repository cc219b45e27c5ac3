"""`hubbub brands check`: the mistakes in a brand registry."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import AsJson
from streams.cli.screen import write, write_json

File = Annotated[Path, typer.Argument(metavar="FILE", help="The registry, such as brands.toml.")]


def check(file: File, *, as_json: AsJson = False) -> None:
    """List the registry's mistakes, with line and field; exit code 2 if there are any.

    Example: hubbub brands check brands.toml
    """
    from schemas.brands_file import check_brands
    from schemas.errors import BadInput

    registry, mistakes = check_brands(file)
    brands = registry.brand if registry else ()
    if as_json:
        found = [
            {"line": mistake.line, "field": mistake.field, "message": mistake.message} for mistake in mistakes
        ]
        write_json({"file": str(file), "brands": [brand.name for brand in brands], "mistakes": found})
    for mistake in () if as_json else mistakes:
        field = f"{mistake.field}: " if mistake.field else ""
        write(f"{file}, line {mistake.line}: {field}{mistake.message}")
    if mistakes:
        count = f"{len(mistakes)} mistakes" if mistakes[1:] else "1 mistake"
        raise BadInput(f"{count}; mend them and check again", where=str(file))
    if not as_json:
        accounts, agents = sum(len(b.account) for b in brands), sum(len(b.agent) for b in brands)
        write(f"{file}: {len(brands)} brands with {accounts} accounts and {agents} agents; no mistakes")
