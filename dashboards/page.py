"""A dashboard: its variables, links, and panels, laid out from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as models

from dashboards import config
from dashboards.target import SOURCE

if TYPE_CHECKING:
    from dashboards.panels import Panel


@dataclass(frozen=True)
class Section:
    """A row of a dashboard.

    Args:
        title: What its panels tell; empty for those at the top.
        panels: From left to right, line by line: the widths of a line add up to 24.
    """

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Page:
    """One dashboard.

    Args:
        uid: It keeps it for ever: links and alerts name it.
        question: The one that it answers.
        sections: From top to bottom.
        variables: Beside the data source, more than the usual `brand` and `platform`.
        usual: Whether it has these two.
        span: How long before now it begins.
        refresh: How often it asks again.
    """

    uid: str
    question: str
    sections: tuple[Section, ...]
    variables: tuple[build.QueryVariable, ...] = ()
    usual: bool = True
    span: str = config.SPAN
    refresh: str = config.REFRESH

    @property
    def title(self) -> str:
        """What it is called."""
        return config.TITLES[self.uid]


def address(uid: str, **variables: str) -> str:
    """A link to a dashboard that keeps the time range, brands and platforms.

    Args:
        uid: Which.
        variables: More of its variables, and what they are set to.
    """
    more = "".join(f"&var-{name}={value}" for name, value in variables.items())
    return f"/d/{uid}?${{__url_time_range}}&${{brand:queryparam}}&${{platform:queryparam}}{more}"


def picked(name: str, label: str, sql: str, *, many: bool) -> build.QueryVariable:
    """A variable whose values a query gives.

    Args:
        name: As queries call it.
        label: As people call it.
        sql: One column.
        many: Whether several can be picked, and all; else the first is.
    """
    variable = (
        build.QueryVariable(name)
        .label(label)
        .datasource(SOURCE)
        .query(sql)
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(models.VariableSort.DISABLED)
        .multi(many)
        .include_all(many)
    )
    if many:
        variable.current(models.VariableOption(selected=True, text="All", value="$__all"))
    return variable


def built(page: Page) -> models.Dashboard:
    """The dashboard that Grafana reads. Panels are numbered in their order."""
    sheet = (
        build.Dashboard(f"hubbub: {page.title}")
        .uid(page.uid)
        .description(page.question)
        .tags([config.TAG])
        .timezone("utc")
        .readonly()
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .time(page.span, "now")
        .timepicker(build.TimePicker().refresh_intervals(["1m", "5m", "15m", "1h"]))
        .refresh(page.refresh)
        .with_variable(_datasource())
        .links([_link(uid) for uid in config.TITLES if uid != page.uid])
    )
    if page.usual:
        for name, label in (("brand", "Brand"), ("platform", "Platform")):
            there = f"SELECT DISTINCT {name} FROM dialogue_daily WHERE $__timeFilter(at) ORDER BY {name}"
            sheet.with_variable(picked(name, label, there, many=True))
    for variable in page.variables:
        sheet.with_variable(variable)
    for section in page.sections:
        if section.title:
            sheet.with_row(build.Row(section.title))
        for panel in section.panels:
            sheet.with_panel(panel)
    dashboard = sheet.build()
    for number, placed in enumerate(dashboard.panels or (), start=1):
        placed.id_val = number
    return dashboard


def _datasource() -> build.DatasourceVariable:
    option = models.VariableOption(selected=True, text=config.DATASOURCE_NAME, value=config.DATASOURCE_UID)
    return build.DatasourceVariable("datasource").label("Data source").type(config.PLUGIN).current(option)


def _link(uid: str) -> build.DashboardLink:
    return (
        build.DashboardLink(config.TITLES[uid])
        .type(models.DashboardLinkType.LINK)
        .url(f"/d/{uid}")
        .icon("dashboard")
        .tooltip("")
        .tags([])
        .keep_time(True)
        .include_vars(True)
    )
