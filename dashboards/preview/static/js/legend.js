// The names of a chart's series, each a button that hides or shows it; beside it the values that are asked for.

import { text } from "./display.js";
import { h } from "./dom.js";
import { calcName, reduced } from "./reduce.js";

// `series`: [{ field, colour, hide(hidden) }]; null when the panel wants none.
export function legend(series, options = {}) {
  if (options.showLegend === false || options.displayMode === "hidden" || !series.length) return null;
  const calcs = options.calcs ?? [];
  const right = options.placement === "right";
  return h("ul", { class: `legend${right ? " right" : ""}` }, series.map(({ field, colour, hide }) => {
    const button = h("button", {
      type: "button", "aria-pressed": "true", title: `Hide or show ${field.title}`,
      onclick: () => {
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        hide(!on);
      },
    }, h("span", { class: "key", style: { background: colour } }), field.title,
    calcs.map((calc) => h("span", { class: "calc" }, `${calcName(calc)} `, h("b", {}, text(reduced(field.values, calc), field)))));
    return h("li", {}, button);
  }));
}
