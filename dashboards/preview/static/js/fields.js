// From a query's columns and rows to frames of fields, as Grafana's panels see them.
//
//   table       a field a column
//   timeseries  a field of times and a field for each number and each combination of labels

const PLAIN = /^(?:Nullable|LowCardinality|SimpleAggregateFunction)\((?:\w+, )?(.*)\)$/;

const DAY = /^(?:\w+\()*Date(?:32)?\)*$/;

export function kind(type) {
  let inner = type;
  while (PLAIN.test(inner)) inner = PLAIN.exec(inner)[1];
  if (/^Date/.test(inner)) return "time";
  if (/^(U?Int|Float|BFloat|Decimal)/.test(inner)) return "number";
  return inner === "Bool" ? "boolean" : "string";
}

export function frame(answer, target, config) {
  const plain = answer.columns.map(({ name, type }, at) => ({
    name, kind: kind(type), day: DAY.test(type), labels: {}, values: answer.rows.map((row) => read(row[at], kind(type))),
  }));
  const series = target.queryType === "timeseries" || target.format === 0;
  const fields = series ? wide(plain) : plain;
  return configured({ refId: target.refId, fields, series }, config);
}

function read(value, type) {
  if (value === null || value === undefined) return null;
  if (type === "time") return Date.parse(value);
  if (type === "number") return Number(value);
  if (type === "boolean") return Boolean(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function wide(fields) {
  const time = fields.find((field) => field.kind === "time");
  if (!time) return fields;
  const numbers = fields.filter((field) => field.kind === "number" || field.kind === "boolean");
  const labels = fields.filter((field) => field.kind === "string");
  const times = [...new Set(time.values)].filter((each) => each !== null).sort((one, other) => one - other);
  const place = new Map(times.map((each, at) => [each, at]));
  const series = new Map();
  time.values.forEach((moment, row) => {
    const named = Object.fromEntries(labels.map((field) => [field.name, field.values[row] ?? ""]));
    for (const field of numbers) {
      const key = JSON.stringify([field.name, named]);
      if (!series.has(key)) series.set(key, { name: field.name, kind: "number", labels: named, values: times.map(() => null) });
      if (moment !== null) series.get(key).values[place.get(moment)] = field.values[row] === null ? null : Number(field.values[row]);
    }
  });
  const named = [...series.values()];
  const order = numbers.map((field) => field.name);
  named.sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name) || labelled(one).localeCompare(labelled(other)));
  return [{ ...time, values: times }, ...named];
}

// Each field gets the panel's defaults, and what overrides them.
function configured(given, { defaults = {}, overrides = [] } = {}) {
  for (const field of given.fields) {
    field.config = structuredClone(defaults);
    field.refId = given.refId;
  }
  for (const field of given.fields) {
    field.title = title(field, given.fields);
    for (const { matcher, properties } of overrides) {
      if (matches(matcher, field)) for (const { id, value } of properties) put(field.config, id, value);
    }
    field.title = title(field, given.fields);
  }
  return given;
}

function matches({ id, options }, field) {
  switch (id) {
    case "byName": return options === field.title || options === field.name;
    case "byNames": return (options?.names ?? []).some((name) => name === field.title || name === field.name);
    case "byRegexp": return pattern(options).test(field.title) || pattern(options).test(field.name);
    case "byType": return options === field.kind;
    case "byFrameRefID": return options === field.refId;
    default: return false;
  }
}

function pattern(text) {
  const found = /^\/(.*)\/([a-z]*)$/.exec(text);
  return found ? new RegExp(found[1], found[2].replace("g", "")) : new RegExp(`^${text}$`);
}

function put(config, path, value) {
  const names = path.split(".");
  let at = config;
  for (const name of names.slice(0, -1)) at = at[name] ??= {};
  at[names.at(-1)] = value;
}

function title(field, fields) {
  const wanted = field.config?.displayName;
  if (wanted) {
    return wanted.replace(/\$\{__(?:series|field)\.(?:name|displayName)\}/g, automatic(field, fields))
      .replace(/\$\{__field\.labels\.(\w+)\}/g, (_, name) => field.labels[name] ?? "")
      .replace(/\$\{__field\.labels\}/g, () => labelled(field));
  }
  return automatic(field, fields);
}

function automatic(field, fields) {
  const names = Object.keys(field.labels);
  if (!names.length) return field.name;
  const alone = new Set(fields.filter((each) => Object.keys(each.labels).length).map((each) => each.name)).size === 1;
  const label = names.length === 1 ? field.labels[names[0]] : labelled(field);
  return alone && /^value$/i.test(field.name) ? label : `${field.name} ${label}`;
}

function labelled(field) {
  return Object.entries(field.labels).map(([name, value]) => `${name}=${value}`).join(", ");
}

export const hidden = (field) => Boolean(field.config.custom?.hidden || field.config.custom?.hideFrom?.viz);
export const times = (given) => given.fields.find((field) => field.kind === "time");
export const numbers = (given) => given.fields.filter((field) => field.kind === "number" && !hidden(field));
export const texts = (given) => given.fields.filter((field) => field.kind === "string" && !hidden(field));
