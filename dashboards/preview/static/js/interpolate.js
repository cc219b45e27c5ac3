// Variables in titles, texts and links.

import { ALL, timeQuery, variableQuery } from "./state.js";

const SLOT = /\$\{([^}:]+)(?::([^}]+))?\}|\$(\w+)|\[\[(\w+)\]\]/g;
const SAFE = /^(https?:|mailto:|\/(?!\/)|#|\?)/i;

// The text of a title: All, or the values.
export function inText(text, context) {
  return (text ?? "").replace(SLOT, (whole, braced, format, bare, old) => {
    const name = braced ?? bare ?? old;
    if (format === "queryparam") return whole;
    const values = context.state.variables[name];
    if (values) return values.includes(ALL) ? "All" : values.join(" + ");
    const value = builtIn(name, context);
    return value === undefined ? whole : String(value);
  });
}

// An address of a link; null when it leads nowhere that is safe.
export function inLink(url, context) {
  const filled = (url ?? "").replace(SLOT, (whole, braced, format, bare, old) => {
    const name = braced ?? bare ?? old;
    if (name === "__url_time_range") return timeQuery(context.state);
    if (name === "__all_variables") return variableQuery(context.state.variables);
    const values = context.state.variables[name];
    if (values) return format === "queryparam" ? variableQuery(context.state.variables, [name]) : encodeURIComponent(values.join(","));
    const value = builtIn(name, context);
    if (value === undefined) return whole;
    return format === "raw" ? String(value) : encodeURIComponent(String(value ?? ""));
  });
  return SAFE.test(filled) ? filled : null;
}

// `row`: { frame, index, field, value, text } where a link is of one value.
function builtIn(name, { state, range, board, row }) {
  switch (name) {
    case "__from": return range?.from;
    case "__to": return range?.to;
    case "__dashboard": case "__dashboard.name": return board?.title;
    case "__dashboard.uid": return state.uid;
  }
  if (!row) return undefined;
  const { frame, index, field } = row;
  switch (name) {
    case "__value.raw": case "__value.numeric": return row.value;
    case "__value.text": case "__value": return row.text;
    case "__value.time": return frame.fields.find((each) => each.kind === "time")?.values[index];
    case "__series.name": case "__field.displayName": return field.title;
    case "__field.name": return field.name;
  }
  const label = /^__field\.labels(?:\.(\w+)|\["?([^"\]]+)"?\])$/.exec(name);
  if (label) return field.labels[label[1] ?? label[2]] ?? "";
  const data = /^__data\.fields(?:\.([\w ]+)|\[(\d+)\]|\["?([^"\]]+)"?\])(?:\.(text|numeric|time))?$/.exec(name);
  if (!data) return undefined;
  const other = data[2] ? frame.fields[Number(data[2])] : frame.fields.find((each) => [data[1], data[3]].includes(each.name) || [data[1], data[3]].includes(each.title));
  return other ? (index === null ? other.values.findLast((each) => each !== null) : other.values[index]) ?? "" : other?.labels;
}

// A field's links for one of its values: [{ title, url, blank }].
export function links(field, frame, index, value, text, context) {
  const here = { ...context, row: { frame, index, field, value, text } };
  return (field.config.links ?? []).map(({ title, url, targetBlank }) => ({
    title: inText(title, here), url: inLink(url, here), blank: targetBlank,
  })).filter(({ url }) => url);
}
