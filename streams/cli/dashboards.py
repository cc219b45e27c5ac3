"""`hubbub dashboards build`, `push` and `prune`: the dashboards in Grafana."""

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import AsJson
from streams.cli.screen import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dashboards.destination import Destination
    from dashboards.grafana import Grafana
    from dashboards.push import Change
    from schemas.grafana import GrafanaSettings

To = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FOLDER",
        help="Write them there, with the contact point and places of HUBBUB_GRAFANA_...",
    ),
]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 where a file differs.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")]
Secrets = Annotated[
    bool, typer.Option("--secrets", help="Write passwords again, which Grafana does not show.")
]


def build(to: To = None, check: Check = False) -> None:
    """Write the dashboards' JSON, and the files that a Grafana reads when it starts.

    They are made from the code and the catalogue of metrics. Without --to, those in the repository are.

    Example: hubbub dashboards build --to grafana
    """
    from dashboards.build import HOME, differing, files
    from dashboards.build import write as written
    from dashboards.destination import PLACES
    from schemas.grafana import load_grafana

    wanted = files(destination(load_grafana()) if to else PLACES)
    changed = differing(wanted, to or HOME) if check else written(wanted, to or HOME)
    for path in changed:
        write(f"{'differs' if check else 'written'}  {path}")
    if check and changed:
        raise typer.Exit(1)


def push(dry_run: DryRun = False, secrets: Secrets = False, as_json: AsJson = False) -> None:
    """Bring dashboards, alert rules, data source and contact point into Grafana; twice changes nothing.

    What is not ours is left alone. HUBBUB_GRAFANA_URL and HUBBUB_GRAFANA_TOKEN say where,
    HUBBUB_GRAFANA_CONTACT whom alerts call, HUBBUB_GRAFANA_CLICKHOUSE_... how Grafana reaches the database.

    Example: HUBBUB_GRAFANA_URL=http://127.0.0.1:3000 hubbub dashboards push --dry-run
    """
    from dashboards.push import pushed

    with _grafana() as (grafana, to):
        _done(pushed(grafana, to, secrets=secrets), dry_run=dry_run, as_json=as_json)


def prune(dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Remove from Grafana what is ours and not there any more: by our folder, and our tag or label.

    Example: hubbub dashboards prune --dry-run
    """
    from dashboards.push import pruned

    with _grafana() as (grafana, to):
        _done(pruned(grafana, to), dry_run=dry_run, as_json=as_json)


def destination(settings: "GrafanaSettings") -> "Destination":
    """What the settings say of the world around Grafana."""
    from dashboards.destination import Contact, Destination

    kind, _, target = settings.contact.get_secret_value().partition(":")
    key = "addresses" if kind == "email" else "url"
    return Destination(
        host=settings.clickhouse_host,
        port=settings.clickhouse_port,
        protocol=settings.clickhouse_protocol,
        secure=settings.clickhouse_secure,
        user=settings.clickhouse_user,
        password=settings.clickhouse_password.get_secret_value(),
        database=settings.database,
        runbook=settings.runbook_url,
        contact=Contact(kind, {key: target}) if kind else None,
    )


@contextmanager
def _grafana() -> "Iterator[tuple[Grafana, Destination]]":
    from dashboards.grafana import Grafana
    from schemas.errors import BadInput
    from schemas.grafana import load_grafana

    settings = load_grafana()
    if not settings.token.get_secret_value():
        raise BadInput("is not set: the token of a service account in Grafana", where="HUBBUB_GRAFANA_TOKEN")
    with closing(Grafana(settings.url, settings.token, settings.timeout)) as grafana:
        yield grafana, destination(settings)


def _done(changes: "Iterable[Change]", *, dry_run: bool, as_json: bool) -> None:
    """Do one change after the other, and say so."""
    import json

    count = 0
    for change in changes:
        if not dry_run:
            change.do() if change.action != "same" else None
        count += change.action != "same"
        if as_json:
            row = {"action": change.action, "kind": change.kind, "name": change.name, "differs": change.lines}
            write(json.dumps(row | {"done": not dry_run and change.action != "same"}))
            continue
        write(f"{change.action:<7} {change.kind}: {change.name}")
        for line in change.lines if dry_run else ():
            write(f"          {line}")
    if not as_json:
        write(f"{count} to change" if dry_run else f"{count} changed")
