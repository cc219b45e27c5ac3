// One chart of ECharts in an element: it follows the element's size, and its tooltips are elements, not markup.

import * as echarts from "../vendor/echarts/echarts.esm.min.mjs";
import { h } from "./dom.js";
import { css } from "./palette.js";
import { stamp } from "./time.js";

// Gives a function that takes the chart away again, and the chart itself.
export function draw(element, option, label) {
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  const chart = echarts.init(element, null, { renderer: "canvas", useCoarsePointer: true });
  chart.setOption({ animation: false, useUTC: true, textStyle: { fontFamily: css("--font") }, ...option });
  const watch = new ResizeObserver(() => chart.resize());
  watch.observe(element);
  return {
    chart,
    dispose() {
      watch.disconnect();
      chart.dispose();
    },
  };
}

// Panels of one dashboard that share a time axis point to the same moment.
export function together(charts) {
  for (const chart of charts) chart.group = "board";
  echarts.connect("board");
}

export function axisLook() {
  return {
    axisLine: { lineStyle: { color: css("--line") } },
    axisTick: { lineStyle: { color: css("--line") } },
    axisLabel: { color: css("--dim"), fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: css("--grid") } },
    nameTextStyle: { color: css("--dim"), fontSize: 11 },
  };
}

const DAY = 864e5;
const STEPS = [6e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 108e5, 216e5, 432e5, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 365 * DAY];
const MARK = 75;

// Marks at round times, a week's on its Mondays, as many as there is room for.
export function timeAxis(from, to, width) {
  const step = STEPS.find((each) => (to - from) / each <= Math.max(width / MARK, 2)) ?? STEPS.at(-1);
  const monday = 4 * DAY; // the first one there was
  const start = step > DAY ? Math.ceil((from - monday) / step) * step + monday : Math.ceil(from / step) * step;
  const marks = [];
  for (let at = start; at <= to; at += step) marks.push(at);
  const long = to - from > 400 * DAY;
  return {
    ...axisLook(),
    type: "time",
    min: from,
    max: to,
    splitLine: { show: false },
    axisTick: { ...axisLook().axisTick, customValues: marks },
    axisLabel: { ...axisLook().axisLabel, customValues: marks, formatter: (moment) => (long ? stamp(moment).slice(0, 10) : moment % DAY ? stamp(moment).slice(11) : stamp(moment).slice(5, 10)) },
  };
}

// A tooltip: heading, then a line a value. `read` gives { heading, lines: [{ colour, name, value }] }.
export function tooltip(trigger, read) {
  return {
    trigger,
    confine: true,
    appendTo: "body",
    className: "tip",
    backgroundColor: css("--raised"),
    borderColor: css("--line"),
    padding: 0,
    textStyle: { color: css("--text"), fontSize: 12 },
    axisPointer: { type: trigger === "axis" ? "line" : "none", lineStyle: { color: css("--dim"), type: "dashed" } },
    formatter: (given) => {
      const { heading, lines } = read(Array.isArray(given) ? given : [given]);
      return h("div", { class: "tip-body" },
        h("div", { class: "tip-head" }, heading),
        lines.map(({ colour, name, value }) => h("div", { class: "tip-line" },
          h("span", { class: "key", style: { background: colour } }), h("span", { class: "tip-name" }, name), h("b", {}, value))));
    },
  };
}
