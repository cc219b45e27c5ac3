"""Every command, and the panel of the help that it is in."""

from __future__ import annotations

import typer

from streams.cli import alerts, dead_letters
from streams.cli.brands import check
from streams.cli.dashboards import build, prune, push
from streams.cli.demo import demo
from streams.cli.doctor import doctor
from streams.cli.forget import forget
from streams.cli.ingest import ingest
from streams.cli.migrate import migrate
from streams.cli.preview import preview
from streams.cli.rebuild import rebuild
from streams.cli.reconcile import reconcile
from streams.cli.replay import replay
from streams.cli.report import report
from streams.cli.simulate import simulate
from streams.cli.sql import sql
from streams.cli.up import up
from streams.cli.worker import worker

START = "Start here"
EVENTS = "Bring events in"
ANSWERS = "Read the answers"
UPKEEP = "Set up and look after"

app = typer.Typer(
    name="hubbub",
    help="Is a brand in conversation with its customers, or broadcasting at them?",
    epilog="Each command has an example: hubbub COMMAND --help. Settings: HUBBUB_... or .env.",
    add_completion=False,
    rich_markup_mode="rich",
)
brands = typer.Typer(rich_markup_mode="rich")
dashboards = typer.Typer(rich_markup_mode="rich")
letters = typer.Typer(rich_markup_mode="rich")
alerting = typer.Typer(rich_markup_mode="rich")

app.command(rich_help_panel=START)(demo)
app.command(rich_help_panel=START)(up)
app.command(rich_help_panel=EVENTS)(ingest)
app.command(rich_help_panel=EVENTS)(replay)
app.command(rich_help_panel=EVENTS)(simulate)
app.command(rich_help_panel=EVENTS)(worker)
app.command(rich_help_panel=ANSWERS)(report)
app.command(rich_help_panel=ANSWERS)(sql)
app.add_typer(dashboards, name="dashboards", rich_help_panel=ANSWERS)
dashboards.command()(preview)
dashboards.command()(build)
dashboards.command()(push)
dashboards.command()(prune)
app.add_typer(alerting, name="alerts", rich_help_panel=ANSWERS)
alerting.command()(alerts.evaluate)
alerting.command("list")(alerts.list_)
alerting.command()(alerts.history)
app.command(rich_help_panel=UPKEEP)(migrate)
app.command(rich_help_panel=UPKEEP)(doctor)
app.command(rich_help_panel=UPKEEP)(rebuild)
app.command(rich_help_panel=UPKEEP)(forget)
app.command(rich_help_panel=UPKEEP)(reconcile)
app.add_typer(brands, name="brands", rich_help_panel=UPKEEP)
brands.command()(check)
app.add_typer(letters, name="dead-letters", rich_help_panel=UPKEEP)
letters.command("list")(dead_letters.list_)
letters.command()(dead_letters.show)
letters.command("replay")(dead_letters.replay)


@brands.callback()
def _brands() -> None:
    """Look after the brand registry, brands.toml.

    Example: hubbub brands check brands.toml
    """


@alerting.callback()
def _alerts() -> None:
    """See which alerts fire, and judge them now: is a brand turning into a broadcaster?

    Example: hubbub alerts list
    """


@letters.callback()
def _letters() -> None:
    """Look through what was refused, and bring it in again.

    Example: hubbub dead-letters list
    """


@dashboards.callback()
def _dashboards() -> None:
    """Watch the brands: the dashboards and alert rules, in Grafana or without it.

    Example: hubbub dashboards preview --demo
    """
