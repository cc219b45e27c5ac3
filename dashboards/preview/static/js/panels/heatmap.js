// How much of something, by time and by step: a field of times, and a field for each step.

import { axisLook, draw, tooltip } from "../chart.js";
import { text } from "../display.js";
import { h } from "../dom.js";
import { numbers, times } from "../fields.js";
import { HEAT, css } from "../palette.js";
import { stamp } from "../time.js";

export function heatmap({ body, panel, frames }) {
  const frame = frames.find((each) => each.fields.length > 1);
  const along = frame && (times(frame) ?? frame.fields.find((field) => field.kind === "string"));
  const steps = frame ? numbers(frame) : [];
  const cells = steps.flatMap((field, y) => field.values.map((value, x) => [x, y, value])).filter(([, , value]) => value !== null);
  if (!along || !cells.length) return { points: 0 };
  const columns = along.values.map((value) => (along.kind === "time" ? stamp(value) : value));
  const daily = along.kind === "time" && columns.every((column) => column.endsWith("00:00"));
  const plot = h("div", { class: "plot" });
  body.append(h("div", { class: "charted" }, plot));
  const drawn = draw(plot, {
    grid: { left: 8, right: 8, top: 8, bottom: 4, containLabel: true },
    xAxis: { ...axisLook(), type: "category", data: columns.map((column) => (daily ? column.slice(5, 10) : column)), splitLine: { show: false } },
    yAxis: { ...axisLook(), type: "category", data: steps.map(({ title }) => title), splitLine: { show: false } },
    visualMap: { show: false, min: 0, max: Math.max(...cells.map(([, , value]) => value)), inRange: { color: HEAT[document.documentElement.dataset.theme] ?? HEAT.dark } },
    tooltip: tooltip("item", ([{ value: [x, y, value] }]) => ({ heading: columns[x], lines: [{ colour: css("--accent"), name: steps[y].title, value: text(value, steps[y]) }] })),
    series: [{ type: "heatmap", data: cells, itemStyle: { borderWidth: panel.options?.cellGap ?? 1, borderColor: css("--panel") } }],
  }, `${panel.title}: ${steps.map(({ title }) => title).join(", ")}`);
  return { points: cells.length, dispose: drawn.dispose };
}
