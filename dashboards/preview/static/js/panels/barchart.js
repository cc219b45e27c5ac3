// Bars for the rows of a table: a group a row, a colour a number.

import { axisLook, draw, tooltip } from "../chart.js";
import { display, seriesColour, text } from "../display.js";
import { h } from "../dom.js";
import { numbers } from "../fields.js";
import { links } from "../interpolate.js";
import { legend } from "../legend.js";
import { css } from "../palette.js";
import { written } from "../units.js";

export function barchart({ body, panel, frames, context, visit }) {
  const [frame] = frames;
  const options = panel.options ?? {};
  const along = frame?.fields.find((field) => field.title === options.xField || field.name === options.xField)
    ?? frame?.fields.find((field) => field.kind === "string") ?? frame?.fields.find((field) => field.kind === "time");
  const series = (frame ? numbers(frame) : []).filter((field) => field !== along).map((field, index) => ({ field, colour: seriesColour(field, index) }));
  const points = series.reduce((sum, { field }) => sum + field.values.filter((value) => value !== null).length, 0);
  if (!points || !along) return { points: 0 };
  const labels = along.values.map((value) => text(value, along));
  const lying = options.orientation === "horizontal";
  const stacking = options.stacking ?? "none";
  const sums = labels.map((_, row) => series.reduce((sum, { field }) => sum + (field.values[row] ?? 0), 0));
  const value = (field, row) => (field.values[row] === null ? null : stacking === "percent" ? (sums[row] ? field.values[row] / sums[row] : null) : field.values[row]);
  const [{ field: first }] = series;
  const unit = stacking === "percent" ? "percentunit" : first.config.unit;
  const wants = options.showValue ?? "auto";
  const room = labels.length * (stacking === "none" ? series.length : 1) <= 16;
  const categories = { ...axisLook(), type: "category", data: labels, inverse: lying, axisTick: { show: false }, splitLine: { show: false },
    axisLabel: { ...axisLook().axisLabel, rotate: options.xTickLabelRotation ? -options.xTickLabelRotation : 0, ...fitted(labels.length, lying) } };
  const amounts = { ...axisLook(), type: "value", min: stacking === "percent" ? 0 : first.config.min, max: stacking === "percent" ? 1 : first.config.max, splitNumber: 4,
    minInterval: stacking !== "percent" && series.every(({ field }) => field.values.every((each) => each === null || Number.isInteger(each))) ? 1 : undefined,
    interval: stacking !== "percent" && typeof first.config.min === "number" && typeof first.config.max === "number" ? (first.config.max - first.config.min) / 4 : undefined,
    splitLine: { lineStyle: { color: css("--grid") } }, name: first.config.custom?.axisLabel || undefined, nameLocation: "middle", nameGap: 44,
    axisLabel: { ...axisLook().axisLabel, formatter: (each) => written(each, unit, null) } };
  const plot = h("div", { class: "plot" });

  // A few names are all told, on several lines where they have to be; of many, those that there is room for.
  function fitted(count, sideways) {
    if (sideways) return { width: 140, overflow: "truncate" };
    const width = body.clientWidth / count - 12;
    return width > 34 ? { interval: 0, width, overflow: "break", hideOverlap: false } : {};
  }

  const names = series.length > 1 ? legend(series.map(({ field, colour }, at) => ({
    field, colour, hide: (gone) => drawn.chart.dispatchAction({ type: gone ? "legendUnSelect" : "legendSelect", name: String(at) }),
  })), options.legend) : null;
  body.append(h("div", { class: "charted" }, plot, names));
  const drawn = draw(plot, {
    grid: { left: 8, right: lying ? 36 : 14, top: 18, bottom: 4, containLabel: true },
    legend: { show: false, data: series.map((_, at) => String(at)) },
    xAxis: lying ? amounts : categories,
    yAxis: lying ? categories : amounts,
    tooltip: tooltip("axis", (given) => ({
      heading: labels[given[0].dataIndex],
      lines: given.map(({ seriesIndex, dataIndex }) => ({ colour: barColour(series, seriesIndex, dataIndex), name: series[seriesIndex].field.title, value: text(series[seriesIndex].field.values[dataIndex], series[seriesIndex].field) })),
    })),
    series: series.map(({ field }, at) => ({
      name: String(at), type: "bar", stack: stacking === "none" ? undefined : "all", barMaxWidth: 64, barCategoryGap: `${Math.round((1 - (options.groupWidth ?? 0.7)) * 100)}%`,
      itemStyle: { opacity: Math.max(field.config.custom?.fillOpacity ?? 80, 20) / 100 },
      label: { show: wants === "always" || (wants === "auto" && room), position: stacking === "none" ? (lying ? "right" : "top") : "inside", color: css("--text"), fontSize: 11,
        formatter: ({ dataIndex }) => text(field.values[dataIndex], field) },
      data: labels.map((_, row) => ({ value: value(field, row) ?? "-", itemStyle: { color: barColour(series, at, row) } })),
    })),
  }, `${panel.title}: ${labels.join(", ")}`);
  drawn.chart.on("click", ({ seriesIndex, dataIndex }) => {
    const { field } = series[seriesIndex];
    const [target] = links(field, frame, dataIndex, field.values[dataIndex], text(field.values[dataIndex], field), context);
    if (target) visit(target);
  });
  return { points, dispose: drawn.dispose };
}

function barColour(series, at, row) {
  const { field, colour } = series[at];
  const mode = field.config.color?.mode ?? "palette-classic";
  return mode === "thresholds" || mode.startsWith("continuous-") ? display(field.values[row], field).colour : colour;
}
