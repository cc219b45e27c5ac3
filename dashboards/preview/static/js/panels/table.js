// Rows and columns. A click on a heading sorts.

import { display, text } from "../display.js";
import { h, replace } from "../dom.js";
import { hidden } from "../fields.js";
import { links } from "../interpolate.js";
import { faded, ink, readable } from "../palette.js";

const MOST = 500;

export function table({ body, panel, frames, context }) {
  const [frame] = frames;
  const fields = (frame?.fields ?? []).filter((field) => !hidden(field));
  const count = fields[0]?.values.length ?? 0;
  if (!count) return { points: 0 };
  const [wanted] = panel.options?.sortBy ?? [];
  let order = null;
  if (wanted) order = { field: fields.find(({ title }) => title === wanted.displayName), down: Boolean(wanted.desc) };
  const rows = h("tbody");
  const head = h("tr");
  const fill = () => {
    replace(head, fields.map((field) => heading(field, order, () => {
      order = order?.field === field ? (order.down ? { field, down: false } : null) : { field, down: true };
      fill();
      head.children[fields.indexOf(field)].querySelector("button").focus();
    })));
    replace(rows, sorted(count, order).slice(0, MOST).map((row) => h("tr", {}, fields.map((field) => cell(field, frame, row, context)))));
  };
  fill();
  body.append(h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": panel.title },
    h("table", {}, panel.options?.showHeader === false ? null : h("thead", {}, head), rows)),
  count > MOST ? h("p", { class: "cut" }, `the first ${MOST} of ${count} rows`) : "");
  return { points: count };
}

function heading(field, order, sort) {
  const by = order?.field === field ? (order.down ? "descending" : "ascending") : "none";
  return h("th", { scope: "col", "aria-sort": by, class: align(field), style: width(field) },
    h("button", { type: "button", onclick: sort, title: `Sort by ${field.title}` }, field.title, { ascending: " ▲", descending: " ▼", none: "" }[by]));
}

function sorted(count, order) {
  const rows = Array.from({ length: count }, (_, row) => row);
  if (!order?.field) return rows;
  const { values } = order.field;
  const sign = order.down ? -1 : 1;
  return rows.sort((one, other) => {
    const [a, b] = [values[one], values[other]];
    if (a === null || b === null) return (a === null) - (b === null);
    return a < b ? -sign : a > b ? sign : one - other;
  });
}

function cell(field, frame, row, context) {
  const value = field.values[row];
  const seen = display(value, field);
  const written = seen.text + seen.suffix;
  const { type = "auto", mode } = field.config.custom?.cellOptions ?? {};
  const [link] = links(field, frame, row, value, written, context);
  const style = {};
  if (type === "color-background" && seen.colour) Object.assign(style, { background: mode === "gradient" ? faded(seen.colour, 0.75) : seen.colour, color: ink(seen.colour) });
  if (type === "color-text" && seen.colour) style.color = readable(seen.colour);
  let content = link ? h("a", { href: link.url, title: link.title, target: link.blank ? "_blank" : null, rel: link.blank ? "noopener" : null }, written) : written;
  if (type === "gauge" && typeof value === "number") content = gauge(value, field, seen, content);
  return h("td", { class: `${align(field)}${field.config.custom?.cellOptions?.wrapText ? " wrap" : ""}`, style, title: field.kind === "string" && written.length > 40 ? written : null }, content);
}

function gauge(value, field, { colour }, content) {
  const known = field.values.filter((each) => typeof each === "number");
  const { min = Math.min(...known, 0), max = Math.max(...known, 0) } = field.config;
  const share = Math.min(Math.max((value - min) / (max - min || 1), 0), 1);
  return h("span", { class: "cell-gauge" }, h("span", { class: "gauge", style: { background: faded(colour, 0.14) } },
    h("span", { class: "gauge-bar", style: { width: `${share * 100}%`, background: colour } })), h("b", {}, content));
}

function align(field) {
  const wanted = field.config.custom?.align ?? "auto";
  return wanted === "auto" ? (field.kind === "number" ? "right" : "left") : wanted;
}

function width(field) {
  const wanted = field.config.custom?.width;
  return wanted ? { width: `${wanted}px` } : {};
}
