// Moments as a dashboard writes them: `now-7d`, `now/d`, milliseconds, or a date; and `latest`, the newest message.

const UNITS = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5, M: 2592e6, y: 31536e6 };
const RELATIVE = /^(now|latest)((?:[+-]\d+[smhdwMy])*)(?:\/([smhdwMy]))?$/;
const OLD = UNITS.d;

export const QUICK = [
  ["1h", "Last hour"], ["6h", "Last 6 hours"], ["24h", "Last 24 hours"], ["7d", "Last 7 days"],
  ["28d", "Last 28 days"], ["56d", "Last 8 weeks"], ["90d", "Last 90 days"], ["180d", "Last 180 days"], ["1y", "Last year"],
];

// What time it is, of when the newest message is, and where the dashboard's data ends, in ms: what is relative is
// resolved against one such clock.
export class Clock {
  constructor({ now, newest, latest }) {
    this.now = now;
    this.newest = newest;
    this.end = latest;
  }

  // Whether the data ends so long ago that ranges up to now would show nothing.
  get stale() {
    return this.newest !== null && this.now - this.newest > OLD;
  }

  get latest() {
    return this.end === null ? this.now : Math.ceil((this.end + 1) / UNITS.m) * UNITS.m;
  }
}

// Milliseconds; null when the text is no moment. `end`: a moment rounded to a unit is the unit's end.
export function resolve(text, clock, end = false) {
  const found = RELATIVE.exec(text);
  if (!found) {
    const given = /^\d{5,}$/.test(text) ? Number(text) : Date.parse(/^\d{4}-\d\d-\d\d(?: |T)?\d*/.test(text) ? asUtc(text) : "");
    return Number.isFinite(given) ? given : null;
  }
  let moment = found[1] === "now" ? clock.now : clock.latest;
  for (const [, sign, count, unit] of found[2].matchAll(/([+-])(\d+)([smhdwMy])/g)) {
    moment = shifted(moment, (sign === "-" ? -1 : 1) * Number(count), unit);
  }
  return found[3] ? rounded(moment, found[3], end) : moment;
}

function asUtc(text) {
  const trimmed = text.trim().replace(" ", "T");
  return /(Z|[+-]\d\d:?\d\d)$/.test(trimmed) || !trimmed.includes("T") ? trimmed : `${trimmed}Z`;
}

function shifted(moment, count, unit) {
  if (unit !== "M" && unit !== "y") return moment + count * UNITS[unit];
  const date = new Date(moment);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count * (unit === "y" ? 12 : 1));
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

function rounded(moment, unit, end) {
  const date = new Date(moment);
  let start;
  if (unit === "y") start = Date.UTC(date.getUTCFullYear(), 0);
  else if (unit === "M") start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  else if (unit === "w") start = Math.floor(moment / UNITS.d) * UNITS.d - ((date.getUTCDay() + 6) % 7) * UNITS.d;
  else start = Math.floor(moment / UNITS[unit]) * UNITS[unit];
  return end ? shifted(start, 1, unit) - 1 : start;
}

// A dashboard's own range, moved to where the data is.
export function anchored(text, clock) {
  return clock.stale ? text.replace(/^now/, "latest") : text;
}

export function stamp(moment, seconds = false) {
  const text = new Date(moment).toISOString().replace("T", " ");
  return text.slice(0, seconds ? 19 : 16);
}

export function ago(length) {
  const steps = [[UNITS.y, "year"], [UNITS.M, "month"], [UNITS.d, "day"], [UNITS.h, "hour"], [UNITS.m, "minute"], [1e3, "second"]];
  const [size, name] = steps.find(([each]) => length >= each) ?? [1e3, "second"];
  const count = Math.max(Math.floor(length / size), 0);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

export function rangeText(from, to, clock) {
  const [, anchor, length] = /^(now|latest)$/.exec(to) ? [null, to, new RegExp(`^${to}-(\\d+[smhdwMy])$`).exec(from)?.[1]] : [];
  if (length) {
    const named = QUICK.find(([each]) => each === length)?.[1] ?? `Last ${length}`;
    return anchor === "latest" ? `${named} of data` : named;
  }
  const [start, end] = [resolve(from, clock), resolve(to, clock, true)];
  return start === null || end === null ? `${from} to ${to}` : `${stamp(start)} to ${stamp(end)}`;
}
