"""The kinds of panels, with what all of a kind share.

Every panel has a title, a description that says what it means and what to do, a unit, and its colours.
Widths are in 24ths of the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from grafana_foundation_sdk.builders import barchart, bargauge, common, stat, table, text, timeseries
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import common as kinds
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models.text import TextMode

from dashboards.config import DAY
from dashboards.target import SOURCE, Asked
from schemas.metrics import BY_COLUMN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.figures import Figure
    from dashboards.target import Shape

Drawn = TypeVar("Drawn", stat.Panel, timeseries.Panel, barchart.Panel, bargauge.Panel, table.Panel)
Panel = stat.Panel | timeseries.Panel | barchart.Panel | bargauge.Panel | table.Panel | text.Panel

SHORT: Final = 4
TALL: Final = 9
NOTHING: Final = "no data"


def number(figure: Figure, sql: str, width: int = 4) -> stat.Panel:
    """One large number. The query gives one row with one number."""
    panel = (
        stat.Panel()
        .color_mode(kinds.BigValueColorMode.VALUE)
        .graph_mode(kinds.BigValueGraphMode.NONE)
        .text_mode(kinds.BigValueTextMode.VALUE)
        .reduce_options(common.ReduceDataOptions().values(False).calcs(["lastNotNull"]).fields(""))
        .color_scheme(_coloured("thresholds"))
    )
    return _drawn(panel, figure, sql, "table", width, height=SHORT)


def lines(
    figure: Figure,
    sql: str,
    width: int = 12,
    *,
    interval: str = DAY,
    each: str = "brand",
    levels: bool = False,
) -> timeseries.Panel:
    """A line for each series.

    Args:
        figure: How its numbers are shown.
        sql: `time`, the text that names the series, and one number; or `time` and one number for each series.
        width: In 24ths.
        interval: The narrowest bucket.
        each: The text's column; empty where there is none.
        levels: Whether to draw the values at which the colour changes.
    """
    style = kinds.GraphThresholdsStyleMode.DASHED if levels else kinds.GraphThresholdsStyleMode.OFF
    panel = (
        _series(interval)
        .draw_style(kinds.GraphDrawStyle.LINE)
        .line_width(2)
        .fill_opacity(0)
        .show_points(kinds.VisibilityMode.AUTO)
        .point_size(5)
        .thresholds_style(common.GraphThresholdsStyleConfig().mode(style))
    )
    if each:
        panel.display_name(f"${{__field.labels.{each}}}")
    return _drawn(panel, figure, sql, "timeseries", width)


def stacked(
    figure: Figure, sql: str, width: int = 12, *, share: bool, colours: Mapping[str, str]
) -> timeseries.Panel:
    """Bars on top of one another, a colour for each series.

    Args:
        figure: How its numbers are shown.
        sql: `time` and one number for each series, named as in `colours`.
        width: In 24ths.
        share: Whether each bar is 100%.
        colours: By series.
    """
    mode = kinds.StackingMode.PERCENT if share else kinds.StackingMode.NORMAL
    panel = (
        _series(DAY)
        .draw_style(kinds.GraphDrawStyle.BARS)
        .line_width(0)
        .fill_opacity(85)
        .show_points(kinds.VisibilityMode.NEVER)
        .stacking(common.StackingConfig().group("A").mode(mode))
    )
    for name, colour in colours.items():
        fixed = {"mode": "fixed", "fixedColor": colour}
        panel.override_by_name(name, [models.DynamicConfigValue(id_val="color", value=fixed)])
    return _drawn(panel, figure, sql, "timeseries", width)


def bars(figure: Figure, sql: str, width: int = 12, *, along: str) -> barchart.Panel:
    """Bars side by side, in the order of the rows.

    Args:
        figure: How its numbers are shown.
        sql: A text, and one number or several.
        width: In 24ths.
        along: The text's column.
    """
    panel = (
        barchart.Panel()
        .x_field(along)
        .orientation(kinds.VizOrientation.VERTICAL)
        .show_value(kinds.VisibilityMode.AUTO)
        .stacking(kinds.StackingMode.NONE)
        .bar_width(0.9)
        .group_width(0.8)
        .fill_opacity(85)
        .legend(_legend())
        .tooltip(_tooltip())
        .color_scheme(_coloured("palette-classic"))
    )
    return _drawn(panel, figure, sql, "table", width)


def gauges(figure: Figure, sql: str, width: int = 8) -> bargauge.Panel:
    """A horizontal bar for each row, in the colour of its value. The query gives a text and a number."""
    panel = (
        bargauge.Panel()
        .orientation(kinds.VizOrientation.HORIZONTAL)
        .display_mode(kinds.BarGaugeDisplayMode.BASIC)
        .value_mode(kinds.BarGaugeValueMode.COLOR)
        .show_unfilled(True)
        .reduce_options(common.ReduceDataOptions().values(True).calcs(["lastNotNull"]).fields(""))
        .color_scheme(_coloured("thresholds"))
    )
    return _drawn(panel, figure, sql, "table", width)


def listing(
    figure: Figure,
    sql: str,
    width: int = 24,
    *,
    columns: Mapping[str, Figure] | None = None,
    links: Mapping[str, tuple[str, str]] | None = None,
    colours: Mapping[str, Mapping[str, str]] | None = None,
    height: int = TALL,
) -> table.Panel:
    """A table, in the order of the rows.

    Args:
        figure: What the table says; numbers without a figure of their own are counts.
        sql: Any columns.
        width: In 24ths.
        columns: How the numbers of a column are shown; with more than one step, in its colours.
        links: Column to a link's title and address.
        colours: Column to the colours of its texts.
        height: In rows of the grid.
    """
    panel = (
        table.Panel()
        .show_header(True)
        .cell_height(kinds.TableCellHeight.SM)
        .filterable(True)
        .color_scheme(_coloured("thresholds"))
    )
    for name, shown in (columns or {}).items():
        panel.override_by_name(name, _column(name, shown))
    for name, (title, url) in (links or {}).items():
        link = {"title": title, "url": url, "targetBlank": False}
        panel.override_by_name(name, [models.DynamicConfigValue(id_val="links", value=[link])])
    for name, texts in (colours or {}).items():
        mapping = {
            text: {"color": colour, "index": place} for place, (text, colour) in enumerate(texts.items())
        }
        panel.override_by_name(
            name,
            [
                models.DynamicConfigValue(id_val="mappings", value=[{"type": "value", "options": mapping}]),
                models.DynamicConfigValue(id_val="custom.cellOptions", value={"type": "color-text"}),
            ],
        )
    return _drawn(
        panel,
        replace(figure, unit="locale", decimals=0, low=None, high=None),
        sql,
        "table",
        width,
        height=height,
    )


def words(title: str, markdown: str, width: int = 24, height: int = SHORT) -> text.Panel:
    """Text."""
    said = text.Panel().title(title).description(title).mode(TextMode.MARKDOWN).content(markdown)
    return said.span(width).height(height)


def _series(interval: str) -> timeseries.Panel:
    """What all series over time share: where nothing is known, the line is broken."""
    return (
        timeseries.Panel()
        .interval(interval)
        .legend(_legend())
        .tooltip(_tooltip())
        .span_nulls(False)
        .color_scheme(_coloured("palette-classic"))
    )


def _drawn(panel: Drawn, figure: Figure, sql: str, shape: Shape, width: int, *, height: int = TALL) -> Drawn:
    steps = [models.Threshold(value=step.value, color=step.colour) for step in figure.steps]
    panel = (
        panel.title(figure.title)
        .description(figure.description)
        .datasource(SOURCE)
        .with_target(Asked(sql, shape))
        .span(width)
        .height(height)
        .unit(figure.unit)
        .decimals(figure.decimals)
        .no_value(NOTHING)
        .thresholds(build.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(steps))
    )
    if figure.low is not None:
        panel = panel.min(figure.low)
    if figure.high is not None:
        panel = panel.max(figure.high)
    return panel


def _column(name: str, figure: Figure) -> list[models.DynamicConfigValue]:
    properties: dict[str, Any] = {"unit": figure.unit, "decimals": figure.decimals}
    if name in BY_COLUMN:
        properties["displayName"] = BY_COLUMN[name].name
    if len(figure.steps) > 1:
        properties["thresholds"] = {
            "mode": "absolute",
            "steps": [{"value": step.value, "color": step.colour} for step in figure.steps],
        }
        properties["custom.cellOptions"] = {"type": "color-text"}
    return [models.DynamicConfigValue(id_val=name, value=value) for name, value in properties.items()]


def _coloured(mode: str) -> build.FieldColor:
    return build.FieldColor().mode(models.FieldColorModeId(mode))


def _legend() -> common.VizLegendOptions:
    return (
        common.VizLegendOptions()
        .display_mode(kinds.LegendDisplayMode.LIST)
        .placement(kinds.LegendPlacement.BOTTOM)
        .show_legend(True)
        .calcs([])
    )


def _tooltip() -> common.VizTooltipOptions:
    return common.VizTooltipOptions().mode(kinds.TooltipDisplayMode.MULTI).sort(kinds.SortOrder.DESCENDING)
