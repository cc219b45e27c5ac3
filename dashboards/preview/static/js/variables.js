// A dashboard's variables: their values, what is chosen, and a picker for each.

import { runVariable } from "./api.js";
import { h, replace } from "./dom.js";
import { keepColours } from "./palette.js";
import { popover } from "./popover.js";
import { ALL } from "./state.js";

const HIDDEN = [2, "hideVariable"];

export function pickable(board) {
  return (board.templating?.list ?? []).filter(({ type }) => ["query", "custom", "textbox", "constant"].includes(type));
}

// Fills in what the address leaves open, in the dashboard's order: a query may use the ones before it.
export async function loadVariables(board, chosen, range, signal) {
  const found = [];
  const values = {};
  for (const variable of pickable(board)) {
    const known = { variable, options: [], problem: null };
    try {
      known.options = await optionsOf(board, variable, { ...range, variables: values }, signal);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      known.problem = error.message;
    }
    if (variable.name === "brand") keepColours(known.options.map(({ value }) => value));
    values[variable.name] = valuesOf(variable, known.options, chosen[variable.name]);
    found.push(known);
  }
  return { pickers: found, values };
}

async function optionsOf(board, variable, scope, signal) {
  if (variable.type === "query") {
    const { columns, rows } = await runVariable(board.uid, variable.name, scope, signal);
    const at = (name, otherwise) => (columns.some((column) => column.name === name) ? columns.findIndex((column) => column.name === name) : otherwise);
    const [text, value] = [at("__text", columns.length > 1 ? 1 : 0), at("__value", 0)];
    return rows.filter((row) => row[value] !== null).map((row) => ({ text: String(row[text] ?? row[value]), value: String(row[value]) }));
  }
  return (variable.options ?? []).filter(({ value }) => value !== ALL).map(({ text, value }) => ({ text: String(text), value: String(value) }));
}

function valuesOf(variable, options, chosen) {
  if (chosen?.length) return chosen.includes(ALL) ? [ALL] : variable.multi ? chosen : chosen.slice(0, 1);
  if (variable.type === "textbox" || variable.type === "constant") return [String(variable.current?.value ?? variable.query ?? "")];
  const current = [variable.current?.value ?? []].flat().map(String).filter((value) => value === ALL || options.some((option) => option.value === value));
  if (current.length) return current;
  if (variable.includeAll) return [ALL];
  return options.length ? [options[0].value] : [""];
}

export function pickers(loaded, values, change) {
  return loaded.filter(({ variable }) => !HIDDEN.includes(variable.hide) && variable.type !== "constant").map(({ variable, options, problem }) => {
    const name = variable.label || variable.name;
    if (variable.type === "textbox") {
      const input = h("input", { value: values[variable.name]?.[0] ?? "", "aria-label": name, onchange: () => change(variable.name, [input.value]) });
      return h("div", { class: "variable", "data-variable": variable.name }, h("span", { class: "name" }, name), input);
    }
    const chosen = values[variable.name] ?? [];
    const summary = problem ? "cannot be listed" : chosen.includes(ALL) ? "All" : chosen.map((value) => options.find((option) => option.value === value)?.text ?? value).join(" + ");
    const button = popover(summary || "none", { class: "tool value", title: problem ?? name, "aria-label": `${name}: ${summary}` }, (close) => menu(variable, options, chosen, (next) => change(variable.name, next), close));
    return h("div", { class: "variable", "data-variable": variable.name }, h("span", { class: "name" }, name), button);
  });
}

const MOST = 200;

function menu(variable, options, chosen, change, close) {
  const list = h("div", { class: "options", role: "group", "aria-label": variable.label || variable.name });
  let picked = new Set(chosen);
  const search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search the values", oninput: () => fill() });
  const entry = (value, text) => h("label", { class: "option" }, h("input", {
    type: variable.multi ? "checkbox" : "radio", name: "value", value, checked: picked.has(value), onchange: () => pick(value),
  }), ` ${text}`);

  function fill() {
    const wanted = search.value.toLowerCase();
    const fitting = options.filter(({ text }) => text.toLowerCase().includes(wanted));
    replace(list, variable.includeAll && !wanted ? entry(ALL, "All") : null, fitting.slice(0, MOST).map(({ value, text }) => entry(value, text)),
      fitting.length > MOST ? h("p", { class: "cut" }, `${fitting.length - MOST} more: search for them`) : null);
  }

  function pick(value) {
    if (!variable.multi) {
      close();
      return change([value]);
    }
    if (value === ALL) picked = new Set(picked.has(ALL) ? [] : [ALL]);
    else {
      picked.delete(ALL);
      if (!picked.delete(value)) picked.add(value);
    }
    fill();
    list.querySelector(`input[value="${CSS.escape(value)}"]`)?.focus();
  }

  fill();
  const apply = h("button", { type: "button", class: "main", onclick: () => {
    close();
    const wanted = options.map(({ value }) => value).filter((value) => picked.has(value));
    change(picked.has(ALL) || !picked.size || (variable.includeAll && wanted.length === options.length) ? [variable.includeAll ? ALL : options[0]?.value ?? ""] : [...wanted, ...[...picked].filter((value) => value !== ALL && !wanted.includes(value))]);
  } }, "Apply");
  return [options.length > 8 ? search : null, list, variable.multi ? apply : null];
}
