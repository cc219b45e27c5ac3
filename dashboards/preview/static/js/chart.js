// One chart of ECharts in an element: it follows the element's size, and its tooltips are elements, not markup.

import * as echarts from "../vendor/echarts/echarts.esm.min.mjs";
import { h } from "./dom.js";
import { css } from "./palette.js";
import { stamp } from "./time.js";

export const STACK = "stack";

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

export function timeAxis(from, to) {
  const day = 864e5;
  const wide = to - from > 2 * day;
  return {
    ...axisLook(),
    type: "time",
    min: from,
    max: to,
    splitLine: { show: false },
    axisLabel: {
      ...axisLook().axisLabel,
      formatter: (moment) => {
        const text = stamp(moment);
        if (to - from > 400 * day) return text.slice(0, 7);
        return wide && text.endsWith("00:00") ? text.slice(5, 10) : wide && to - from > 10 * day ? "" : text.endsWith("00:00") ? text.slice(5, 10) : text.slice(11);
      },
    },
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
