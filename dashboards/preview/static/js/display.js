// What a value looks like: its text, after mappings and units, and its colour, after thresholds and schemes.

import { named, nth, ofName, onScale } from "./palette.js";
import { stamp } from "./time.js";
import { format } from "./units.js";
import { reduced } from "./reduce.js";

// { text, suffix, colour }; the colour is null when nothing but the series' own speaks for one.
export function display(value, field, { index = 0 } = {}) {
  const { config } = field;
  const mapped = mapping(value, config.mappings);
  const colour = mapped?.color ? named(mapped.color) : colourOf(value, field, index);
  if (mapped?.text !== undefined) return { text: mapped.text, suffix: "", colour };
  if (value === null || value === undefined || Number.isNaN(value)) return { text: config.noValue ?? "–", suffix: "", colour: named("text") };
  if (field.kind === "time" && !/^(dateTime|time:)/.test(config.unit ?? "")) return { text: field.day ? stamp(value).slice(0, 10) : stamp(value, true), suffix: "", colour };
  if (field.kind === "boolean" && !config.unit?.startsWith("bool")) return { text: value ? "yes" : "no", suffix: "", colour };
  return { ...format(value, config.unit ?? "", config.decimals ?? null), colour };
}

export function text(value, field) {
  const shown = display(value, field);
  return shown.text + shown.suffix;
}

function mapping(value, mappings = []) {
  for (const { type, options } of mappings) {
    if (type === "value" && value !== null && Object.hasOwn(options, String(value))) return options[String(value)];
    if (type === "range" && typeof value === "number" && value >= (options.from ?? -Infinity) && value <= (options.to ?? Infinity)) return options.result;
    if (type === "regex" && typeof value === "string" && regex(options.pattern).test(value)) return options.result;
    if (type === "special" && special(value, options.match)) return options.result;
  }
  return null;
}

function regex(text) {
  const found = /^\/(.*)\/([a-z]*)$/.exec(text);
  return found ? new RegExp(found[1], found[2]) : new RegExp(text);
}

function special(value, match) {
  const none = value === null || value === undefined;
  const nan = typeof value === "number" && Number.isNaN(value);
  return { null: none, nan, "null+nan": none || nan, true: value === true, false: value === false, empty: value === "" }[match] ?? false;
}

export function step(value, field) {
  const { thresholds, min = 0, max = 100 } = field.config;
  const steps = thresholds?.steps ?? [];
  if (typeof value !== "number") return steps[0] ?? null;
  const at = thresholds?.mode === "percentage" ? ((value - min) / (max - min)) * 100 : value;
  return steps.findLast((each) => each.value === null || each.value === undefined || at >= each.value) ?? null;
}

export function colourOf(value, field, index = 0) {
  const mode = field.config.color?.mode ?? "thresholds";
  if (mode === "fixed") return named(field.config.color.fixedColor);
  if (mode === "shades") return named(field.config.color.fixedColor);
  if (mode === "thresholds") return named(step(value, field)?.color ?? "text");
  if (mode.startsWith("continuous-")) {
    const { min = 0, max = 1 } = field.config;
    return onScale(mode, typeof value === "number" ? (value - min) / (max - min) : 0);
  }
  return ofName(field.title, index);
}

// The colour of a whole series.
export function seriesColour(field, index) {
  const mode = field.config.color?.mode ?? "palette-classic";
  if (mode === "thresholds" || mode.startsWith("continuous-")) {
    const by = field.config.color?.seriesBy ?? "last";
    return colourOf(reduced(field.values, by === "last" ? "lastNotNull" : by), field, index);
  }
  if (mode === "fixed" || mode === "shades") return named(field.config.color.fixedColor);
  return mode === "palette-classic" ? ofName(field.title, index) : ofName(field.title, index) ?? nth(index);
}
