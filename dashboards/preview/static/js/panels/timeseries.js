// Numbers over time: lines, bars or points, one on top of the other or not.

import { axisLook, draw, timeAxis, tooltip } from "../chart.js";
import { seriesColour, text } from "../display.js";
import { h } from "../dom.js";
import { numbers, times } from "../fields.js";
import { links } from "../interpolate.js";
import { legend } from "../legend.js";
import { css, faded, named } from "../palette.js";
import { stamp } from "../time.js";
import { written } from "../units.js";

export function timeseries({ body, panel, frames, range, context, visit }) {
  const series = frames.flatMap((frame) => (times(frame) ? numbers(frame).map((field) => ({ frame, field, moments: times(frame).values })) : []));
  series.forEach((each, index) => Object.assign(each, { colour: seriesColour(each.field, index), values: each.field.values }));
  const points = series.reduce((sum, { values }) => sum + values.filter((value) => value !== null).length, 0);
  if (!points) return { points };
  shares(series);
  const plot = h("div", { class: "plot" });
  const names = legend(series.map(({ field, colour }, at) => ({
    field, colour, hide: (gone) => drawn.chart.dispatchAction({ type: gone ? "legendUnSelect" : "legendSelect", name: String(at) }),
  })), panel.options?.legend);
  body.append(h("div", { class: `charted${panel.options?.legend?.placement === "right" ? " beside" : ""}` }, plot, names));
  const drawn = draw(plot, option(series, panel, range, plot.clientWidth), `${panel.title}: ${series.map(({ field }) => field.title).join(", ")}`);
  drawn.chart.on("click", ({ seriesIndex, dataIndex }) => {
    const { field, frame, values } = series[seriesIndex];
    const [first] = links(field, frame, dataIndex, field.values[dataIndex], text(values[dataIndex], field), context);
    if (first) visit(first);
  });
  return { points, chart: drawn.chart, dispose: drawn.dispose };
}

function option(series, panel, range, width) {
  const axes = valueAxes(series);
  const mode = panel.options?.tooltip?.mode ?? "multi";
  return {
    grid: { left: 8, right: axes.length > 1 ? 8 : 14, top: 12, bottom: 4, containLabel: true },
    legend: { show: false, data: series.map((_, at) => String(at)) },
    xAxis: timeAxis(range.from, range.to, width),
    yAxis: axes.map(({ option: each }) => each),
    tooltip: mode === "none" ? undefined : tooltip("axis", (given) => ({
      heading: `${stamp(given[0].axisValue)} UTC`,
      lines: sorted(given.filter(({ seriesIndex, dataIndex }) => series[seriesIndex]?.field.values[dataIndex] != null), panel.options?.tooltip?.sort).map(({ seriesIndex, dataIndex }) => {
        const { field, colour, values, share } = series[seriesIndex];
        const own = text(field.values[dataIndex], field);
        return { colour, name: field.title, value: share ? `${written(values[dataIndex], "percentunit", 0)} (${own})` : own };
      }),
    })),
    series: series.map((each, at) => drawnSeries(each, at, axes, at === 0 ? limits(each.field) : {})),
  };
}

function sorted(given, order) {
  const sign = { asc: 1, desc: -1 }[order];
  return sign ? given.toSorted((one, other) => sign * (one.value[1] - other.value[1])) : given;
}

function drawnSeries({ field, moments, values, colour }, at, axes, marks) {
  const custom = field.config.custom ?? {};
  const style = custom.drawStyle ?? "line";
  const stacking = custom.stacking?.mode ?? "none";
  const filled = custom.fillOpacity ?? 0;
  const lone = (row) => values[row] !== null && (values[row - 1] ?? null) === null && (values[row + 1] ?? null) === null;
  const data = moments.map((moment, row) => {
    const shown = style === "points" || custom.showPoints === "always" || (custom.showPoints !== "never" && (lone(row) || values.length < 40));
    return { value: [moment, values[row]], symbolSize: shown ? custom.pointSize ?? 5 : 0 };
  });
  return {
    name: String(at),
    type: style === "bars" ? "bar" : style === "points" ? "scatter" : "line",
    yAxisIndex: axes.findIndex(({ fields }) => fields.includes(field)),
    stack: stacking === "none" ? undefined : `${custom.stacking.group ?? "A"}${style}`,
    step: { stepBefore: "start", stepAfter: "end" }[custom.lineInterpolation],
    smooth: custom.lineInterpolation === "smooth" ? 0.3 : false,
    connectNulls: custom.spanNulls === true,
    symbol: "circle",
    barMaxWidth: 60,
    barCategoryGap: "12%",
    itemStyle: { color: colour, opacity: style === "bars" ? Math.max(filled, 20) / 100 : 1 },
    lineStyle: { color: colour, width: custom.lineWidth ?? 1, type: custom.lineStyle?.fill === "dash" ? "dashed" : custom.lineStyle?.fill === "dot" ? "dotted" : "solid" },
    areaStyle: style === "line" && filled ? { color: colour, opacity: filled / 100 } : undefined,
    emphasis: { focus: "none", scale: false },
    data,
    ...marks,
  };
}

// Each stack as shares of its sum, where a panel wants per cent.
function shares(series) {
  const groups = Map.groupBy(series.filter(({ field }) => field.config.custom?.stacking?.mode === "percent"), ({ field }) => field.config.custom.stacking.group ?? "A");
  for (const group of groups.values()) {
    const sums = group[0].moments.map((_, row) => group.reduce((sum, { field }) => sum + (field.values[row] ?? 0), 0));
    for (const each of group) {
      each.values = each.field.values.map((value, row) => (value === null || !sums[row] ? null : value / sums[row]));
      each.share = true;
    }
  }
}

function valueAxes(series) {
  const axes = [];
  for (const { field, share } of series) {
    const { unit = "", min, max, decimals, custom = {} } = field.config;
    const shown = share ? { unit: "percentunit", min: 0, max: 1, decimals: 0 } : { unit, min, max, decimals };
    const side = custom.axisPlacement === "right" ? "right" : "left";
    const known = axes.find((axis) => axis.unit === shown.unit && axis.side === side);
    if (known) {
      known.fields.push(field);
      continue;
    }
    const step = apart(shown, series);
    axes.push({
      unit: shown.unit, side, fields: [field],
      option: {
        ...axisLook(), type: "value", position: axes.length && side === "left" ? "right" : side,
        name: custom.axisLabel || undefined, nameLocation: "middle", nameGap: 44,
        min: shown.min ?? soft(custom.axisSoftMin, Math.min), max: shown.max ?? (step ? ({ max: high }) => Math.ceil(high / step) * step : soft(custom.axisSoftMax, Math.max)),
        minInterval: shown.unit === "" || shown.unit === "none" || shown.unit === "short" ? (series.every(({ values }) => values.every((value) => value === null || Number.isInteger(value))) ? 1 : undefined) : undefined,
        splitNumber: 4,
        interval: step,
        splitLine: { show: axes.length === 0, lineStyle: { color: css("--grid") } },
        axisLabel: { ...axisLook().axisLabel, formatter: (value) => written(value, shown.unit, null) },
      },
    });
  }
  return axes;
}

const LENGTHS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800, 2592000];

// How far apart the marks of an axis are: quarters of a fixed one, and lengths of time that people know.
function apart({ unit, min, max }, series) {
  if (typeof min === "number" && typeof max === "number") return (max - min) / 4;
  const high = Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  if (unit === "bytes" && high > 5) return 2 ** Math.ceil(Math.log2(high / 5));
  if (unit !== "s") return undefined;
  return high < 4 ? undefined : LENGTHS.find((each) => high / each <= 5);
}

const soft = (limit, pick) => (typeof limit === "number" ? (extent) => pick(limit, pick === Math.min ? extent.min : extent.max) : undefined);

// Thresholds as lines or areas behind the series.
function limits(field) {
  const mode = field.config.custom?.thresholdsStyle?.mode ?? "off";
  const steps = (field.config.thresholds?.steps ?? []).filter(({ value }) => typeof value === "number");
  if (mode === "off" || !steps.length) return {};
  const marks = {};
  if (mode.includes("line") || mode.includes("dashed")) {
    marks.markLine = {
      silent: true, symbol: "none", label: { show: false },
      data: steps.map(({ value, color }) => ({ yAxis: value, lineStyle: { color: named(color), type: mode.includes("dashed") ? "dashed" : "solid", width: 1.5 } })),
    };
  }
  if (mode.includes("area")) {
    marks.markArea = {
      silent: true,
      data: steps.map(({ value, color }, at) => [{ yAxis: value, itemStyle: { color: faded(named(color), 0.12) } }, { yAxis: steps[at + 1]?.value ?? "max" }]),
    };
  }
  return marks;
}

