// A bar for each series or row, as long as its value and in its colour.

import { display, text } from "../display.js";
import { h } from "../dom.js";
import { numbers } from "../fields.js";
import { links } from "../interpolate.js";
import { faded, readable } from "../palette.js";
import { shown } from "../reduce.js";

export function bargauge({ body, panel, frames, context }) {
  const options = panel.options ?? {};
  const bars = shown(frames, options.reduceOptions, numbers).filter(({ value }) => value === null || typeof value === "number");
  if (!bars.length) return { points: 0 };
  const known = bars.map(({ value }) => value).filter((value) => value !== null);
  const high = (field) => field.config.max ?? Math.max(...known, 0);
  const low = (field) => field.config.min ?? Math.min(...known, 0);
  const upright = options.orientation === "vertical";
  body.append(h("ul", { class: `gauges${upright ? " upright" : ""}` }, bars.map(({ field, value, frame, row, title }, index) => {
    const seen = display(value, field, { index });
    const share = value === null ? 0 : Math.min(Math.max((value - low(field)) / (high(field) - low(field) || 1), 0), 1);
    const [link] = links(field, frame, row, value, text(value, field), context);
    const name = link ? h("a", { href: link.url, title: link.title }, title) : title;
    const length = `${(share * 100).toFixed(2)}%`;
    const unfilled = options.showUnfilled === false ? "transparent" : faded(seen.colour, 0.14);
    const colour = options.valueMode === "text" ? null : seen.colour;
    return h("li", {}, h("span", { class: "gauge-name", title }, name),
      h("span", { class: "gauge", style: { background: unfilled } },
        h("span", { class: "gauge-bar", style: { [upright ? "height" : "width"]: length, background: seen.colour } })),
      options.valueMode === "hidden" ? null : h("b", { class: "gauge-value", style: colour ? { color: readable(colour) } : {} }, seen.text, seen.suffix));
  })));
  return { points: known.length };
}
