// One large value, or a few, with a line of how it came to that.

import { display, text } from "../display.js";
import { h, svg } from "../dom.js";
import { numbers } from "../fields.js";
import { links } from "../interpolate.js";
import { css, faded, ink, readable } from "../palette.js";
import { shown } from "../reduce.js";

const WIDTH = 100;
const HEIGHT = 30;

export function stat({ body, panel, frames, context }) {
  const options = panel.options ?? {};
  const tiles = shown(frames, options.reduceOptions, numbers);
  if (!tiles.length) return { points: 0 };
  const several = tiles.length > 1;
  const mode = options.textMode ?? "auto";
  const upright = options.orientation === "horizontal" ? false : options.orientation === "vertical" ? true : null;
  body.append(h("div", { class: `stats${upright === false ? " rows" : ""}`, "data-count": tiles.length }, tiles.map((tile, index) => {
    const { field, value, frame, row, title, line } = tile;
    const seen = display(value, field, { index });
    const paint = options.colorMode ?? "value";
    const filled = paint.startsWith("background") && seen.colour;
    const name = mode === "none" || mode === "value" ? "" : several || mode === "name" || mode === "value_and_name" ? title : "";
    const [link] = links(field, frame, row, value, text(value, field), context);
    const style = filled ? { background: seen.colour, color: ink(seen.colour) } : { color: paint === "none" ? css("--text") : readable(seen.colour) };
    const number = mode === "name" || mode === "none" ? null : h("span", { class: "number" }, seen.text, h("span", { class: "unit" }, seen.suffix));
    const content = [name ? h("span", { class: "tile-name" }, name) : null, number];
    return h(link ? "a" : "div", { class: `tile${filled ? " filled" : ""}`, style, href: link?.url, title: link?.title, target: link?.blank ? "_blank" : null, rel: link?.blank ? "noopener" : null },
      content, options.graphMode === "area" && line ? spark(line, field, filled ? ink(seen.colour) : seen.colour) : null);
  })));
  const filledIn = tiles.filter(({ value }) => value !== null).length;
  return { points: filledIn, mapped: !filledIn && tiles.some(({ field }) => field.config.noValue || field.config.mappings?.length) };
}

function spark({ times, values }, field, colour) {
  const known = values.map((value, at) => [times[at], value]).filter(([, value]) => typeof value === "number");
  if (known.length < 2) return null;
  const [first, last] = [known[0][0], known.at(-1)[0]];
  const heights = known.map(([, value]) => value);
  const low = field.config.min ?? Math.min(...heights);
  const high = Math.max(...heights, field.config.max ?? -Infinity);
  const points = known.map(([moment, value]) => [((moment - first) / (last - first)) * WIDTH, HEIGHT - 1 - ((value - low) / (high - low || 1)) * (HEIGHT - 2)]);
  const path = points.map(([x, y], at) => `${at ? "L" : "M"}${x.toFixed(2)},${y.toFixed(2)}`).join("");
  return svg("svg", { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("path", { d: `${path}L${WIDTH},${HEIGHT}L0,${HEIGHT}Z`, fill: faded(colour, 0.18) }),
    svg("path", { d: path, fill: "none", stroke: colour, "stroke-width": 1.5, "vector-effect": "non-scaling-stroke" }));
}
