"""The options that several commands share, so that they mean the same everywhere."""

# No `from __future__ import annotations` in files with commands: typer reads the types when it runs.

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Folder of an embedded database. Without it: the server that HUBBUB_CLICKHOUSE names.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]
Format = Annotated[
    str,
    typer.Option(
        "--format", metavar="twcs|jsonl", help="How the file is written: a twcs.csv, or one event a line."
    ),
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The file; all of it is checked first.")]
Brands = Annotated[
    str | None,
    typer.Option(
        "--brands",
        metavar="FILE|auto",
        help="The brand registry to bring into force; auto: a brand for each author with a name (twcs).",
    ),
]
BrandsFile = Annotated[
    Path | None,
    typer.Option("--brands", metavar="FILE", help="The brand registry to bring into force, brands.toml."),
]
