// The time range: quick ones, up to now or up to the newest message, or one's own.

import { h } from "./dom.js";
import { popover } from "./popover.js";
import { QUICK, rangeText, resolve, stamp } from "./time.js";

export function timepicker(state, clock, change) {
  const label = rangeText(state.from, state.to, clock);
  return popover(["◷ ", h("span", {}, label)], { class: "tool", id: "time", title: "Time range" }, (close) => {
    const choose = (from, to) => {
      close();
      change({ from, to });
    };
    let anchor = state.to.startsWith("latest") || (clock.stale && !state.to.startsWith("now")) ? "latest" : "now";
    const quick = h("div", { class: "quick" }, QUICK.map(([length, name]) => h("button", {
      type: "button", "data-range": length, onclick: () => choose(`${anchor}-${length}`, anchor),
      "aria-current": state.from === `${anchor}-${length}` && state.to === anchor ? "true" : null,
    }, name)));
    const upTo = (value, text) => h("label", {}, h("input", { type: "radio", name: "anchor", value, checked: anchor === value, onchange: () => { anchor = value; } }), ` ${text}`);
    const [start, end] = [resolve(state.from, clock), resolve(state.to, clock, true)];
    const field = (name, text, moment, raw) => h("label", {}, text, h("input", { name, value: /^(now|latest)/.test(raw) ? raw : stamp(moment, true), autocomplete: "off", spellcheck: "false", required: true }));
    const problem = h("p", { class: "problem", role: "alert" });
    const own = h("form", { class: "own", onsubmit: (event) => {
      event.preventDefault();
      const [from, to] = ["from", "to"].map((name) => own.elements[name].value.trim());
      const [a, b] = [resolve(from, clock), resolve(to, clock, true)];
      if (a === null || b === null) problem.textContent = "Write 2026-02-01 12:00, now-7d or latest-7d.";
      else if (a >= b) problem.textContent = "From is not before to.";
      else choose(...[[from, a], [to, b]].map(([raw, moment]) => (/^(now|latest)/.test(raw) ? raw : String(moment))));
    } }, field("from", "From (UTC)", start, state.from), field("to", "To (UTC)", end, state.to), problem, h("button", { type: "submit", class: "main" }, "Apply"));
    return [
      h("fieldset", { class: "anchors" }, h("legend", {}, "Up to"), upTo("now", "now"), clock.newest === null ? null : upTo("latest", `the newest message, ${stamp(clock.newest)}`)),
      h("div", { class: "columns" }, quick, own),
    ];
  });
}

// The same length before or after.
export function moved(state, clock, direction) {
  const [from, to] = [resolve(state.from, clock), resolve(state.to, clock, true)];
  const by = ((to - from) / 2) * direction;
  return { from: String(Math.round(from + by)), to: String(Math.round(to + by)) };
}
