// Numbers with their units, as Grafana writes them.

import { ago, stamp } from "./time.js";

const SHORT = ["", " K", " Mil", " Bil", " Tri"];
const BYTES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const DECBYTES = ["B", "kB", "MB", "GB", "TB", "PB"];
const SECONDS = [[31536e3, "years"], [604800, "weeks"], [86400, "days"], [3600, "hours"], [60, "mins"], [1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]];
const SUFFIXES = {
  reqps: " req/s", ops: " ops/s", rps: " rd/s", wps: " wr/s", cps: " c/s", eps: " evt/s", mps: " msg/s", iops: " io/s",
  percent: "%", "": "", none: "", celsius: " °C", "x": "x",
};

// { text, suffix }: apart, so that a stat can write the unit smaller.
export function format(value, unit = "", decimals = null) {
  if (value === null || value === undefined || Number.isNaN(value)) return { text: "", suffix: "" };
  if (typeof value !== "number") return { text: String(value), suffix: "" };
  switch (unit) {
    case "percentunit": return { text: fixed(value * 100, decimals), suffix: "%" };
    case "percent": return { text: fixed(value, decimals), suffix: "%" };
    case "short": return scaled(value, 1000, SHORT, decimals);
    case "bytes": return scaled(value, 1024, BYTES, decimals, " ");
    case "decbytes": return scaled(value, 1000, DECBYTES, decimals, " ");
    case "s": return span(value, decimals);
    case "ms": return span(value / 1e3, decimals);
    case "µs": return span(value / 1e6, decimals);
    case "ns": return span(value / 1e9, decimals);
    case "m": return span(value * 60, decimals);
    case "h": return span(value * 3600, decimals);
    case "d": return span(value * 86400, decimals);
    case "dtdurations": return { text: ago(value * 1000), suffix: "" };
    case "dtdurationms": return { text: ago(value), suffix: "" };
    case "dateTimeAsIso": case "dateTimeAsSystem": case "dateTimeAsLocal": return { text: stamp(value, true), suffix: "" };
    case "dateTimeFromNow": return { text: `${ago(Date.now() - value)} ago`, suffix: "" };
    case "bool": return { text: value ? "True" : "False", suffix: "" };
    case "bool_yes_no": return { text: value ? "Yes" : "No", suffix: "" };
    case "bool_on_off": return { text: value ? "On" : "Off", suffix: "" };
    case "locale": return { text: value.toLocaleString("en", { maximumFractionDigits: decimals ?? 3 }), suffix: "" };
  }
  if (unit.startsWith("suffix:")) return { text: fixed(value, decimals), suffix: unit.slice(7) };
  if (unit.startsWith("prefix:")) return { text: unit.slice(7) + fixed(value, decimals), suffix: "" };
  if (unit.startsWith("si:")) return scaled(value, 1000, ["", "k", "M", "G", "T"].map((each) => ` ${each}${unit.slice(3)}`), decimals);
  if (unit.startsWith("time:")) return { text: stamp(value), suffix: "" };
  const counted = { reqps: 1, ops: 1, rps: 1, wps: 1, cps: 1, eps: 1, mps: 1, iops: 1 };
  if (unit in counted) {
    const { text, suffix } = scaled(value, 1000, ["", "K", "M", "B"], decimals);
    return { text, suffix: `${suffix}${SUFFIXES[unit]}` };
  }
  return { text: fixed(value, decimals), suffix: SUFFIXES[unit] ?? ` ${unit}` };
}

export function written(value, unit, decimals) {
  const { text, suffix } = format(value, unit, decimals);
  return text + suffix;
}

function scaled(value, step, names, decimals, gap = "") {
  let at = 0;
  let size = value;
  while (Math.abs(size) >= step && at < names.length - 1) {
    size /= step;
    at += 1;
  }
  return { text: fixed(size, decimals), suffix: names[at] ? gap + names[at] : "" };
}

function span(seconds, decimals) {
  if (seconds === 0) return { text: "0", suffix: " s" };
  const [size, name] = SECONDS.find(([each]) => Math.abs(seconds) >= each) ?? SECONDS.at(-1);
  const text = fixed(seconds / size, decimals);
  return { text, suffix: ` ${text === "1" && name.endsWith("s") && name.length > 2 ? name.slice(0, -1) : name}` };
}

// Three digits that count, unless it is said how many stand behind the point.
function fixed(value, decimals) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const places = decimals ?? automatic(value);
  const text = value.toFixed(places);
  const plain = decimals === null && text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return /^-0(?:\.0*)?$/.test(plain) ? plain.slice(1) : plain;
}

function automatic(value) {
  const size = Math.abs(value);
  if (size === 0 || Number.isInteger(value)) return 0;
  if (size >= 100) return 0;
  if (size >= 10) return 1;
  return size >= 1 ? 2 : Math.min(2 - Math.floor(Math.log10(size)), 8);
}
