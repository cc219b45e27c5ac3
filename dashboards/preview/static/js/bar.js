// The bar at the top: which dashboard, which variables, what time, how fresh, dark or light.

import { h } from "./dom.js";
import { inText } from "./interpolate.js";
import { timeQuery, variableQuery } from "./state.js";
import { ago, anchored, stamp } from "./time.js";
import { timepicker } from "./timepicker.js";
import { pickable, pickers } from "./variables.js";

const FRESH = 9e5;
const EVERY = ["", "10s", "30s", "1m", "5m", "15m", "1h"];

export function bar({ state, clock, board, boards, pickers: loaded, range }, page) {
  const context = { state, board, range };
  return [
    h("div", { class: "line" },
      h("a", { class: "mark", href: "/", "aria-label": "hubbub, the first dashboard" }, h("img", { src: "/static/icon.svg", alt: "", width: 22, height: 22 }), "hubbub"),
      h("nav", { class: "boards", "aria-label": "Dashboards" }, boards.map(({ uid, title, description }) => h("a", {
        href: `/d/${uid}?${[chosenTime(state, board, clock), kept(state)].filter(Boolean).join("&")}`, title: description, "aria-current": uid === board.uid ? "page" : null,
      }, short(title)))),
      freshness(clock),
      h("button", { type: "button", class: "tool", id: "theme", title: "Dark or light", "aria-label": "Dark or light", onclick: () => page.theme() }, "◐")),
    h("div", { class: "line tools" },
      pickers(loaded, state.variables, (name, values) => page.pick(name, values)),
      otherLinks(board, boards, state, context),
      h("span", { class: "gap" }),
      state.viewPanel ? h("button", { type: "button", class: "tool", id: "whole", onclick: () => page.enlarge(null) }, "← Whole dashboard") : null,
      h("button", { type: "button", class: "tool", "aria-label": "Half a range back", title: "Half a range back", onclick: () => page.shift(-1) }, "‹"),
      timepicker(state, clock, (changes) => page.change(changes)),
      h("button", { type: "button", class: "tool", "aria-label": "Half a range on", title: "Half a range on", onclick: () => page.shift(1) }, "›"),
      h("button", { type: "button", class: "tool", id: "refresh", onclick: () => page.refresh().catch((error) => page.broken(error)) }, "↻ Refresh"),
      every(state, board, page)),
  ];
}

const short = (title) => title.replace(/^hubbub: /, "");

// A time range that somebody has chosen holds on every dashboard; else each has its own.
function chosenTime(state, board, clock) {
  const usual = { from: anchored(board.time?.from ?? "", clock), to: anchored(board.time?.to ?? "", clock) };
  return state.from === usual.from && state.to === usual.to ? "" : timeQuery(state);
}

// Brands and platforms hold on every dashboard; a conversation only on its own.
function kept(state) {
  return variableQuery(state.variables, ["brand", "platform"].filter((name) => state.variables[name]));
}

function freshness({ now, newest }) {
  if (newest === null) return h("span", { class: "fresh old", id: "fresh" }, "no messages yet");
  const age = now - newest;
  return h("span", { class: `fresh${age > FRESH ? " old" : ""}`, id: "fresh", title: `The newest message is of ${stamp(newest, true)} UTC` },
    h("span", { class: "dot", "aria-hidden": "true" }), `data until ${stamp(newest)} UTC, ${ago(age)} ago`);
}

// Links of the dashboard that do not lead to one of those in the bar.
function otherLinks(board, boards, state, context) {
  const known = boards.map(({ uid }) => `/d/${uid}`);
  const names = pickable(board).map(({ name }) => name);
  return (board.links ?? []).filter(({ type, url }) => type === "link" && url && !known.includes(url.split("?")[0])).map(({ title, url, keepTime, includeVars, targetBlank, tooltip }) => {
    const query = [keepTime ? timeQuery(state) : "", includeVars ? variableQuery(state.variables, names) : ""].filter(Boolean).join("&");
    const address = query ? `${url}${url.includes("?") ? "&" : "?"}${query}` : url;
    return /^(https?:|\/(?!\/))/.test(address) ? h("a", { class: "tool", href: address, title: tooltip, target: targetBlank ? "_blank" : null, rel: targetBlank ? "noopener" : null }, inText(title, context)) : null;
  });
}

function every(state, board, page) {
  const steps = [...new Set([...EVERY, ...(board.timepicker?.refresh_intervals ?? []), state.refresh])];
  const select = h("select", { class: "tool", id: "every", "aria-label": "Refresh by itself", onchange: () => page.change({ refresh: select.value }) },
    steps.map((step) => h("option", { value: step, selected: step === state.refresh }, step ? `every ${step}` : "by hand")));
  return select;
}
