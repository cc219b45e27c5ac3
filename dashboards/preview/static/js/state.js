// What is looked at, kept in the address as Grafana keeps it: from, to, refresh, viewPanel, var-NAME.

export const ALL = "$__all";

export function readState() {
  const query = new URLSearchParams(location.search);
  const variables = {};
  for (const [name, value] of query) {
    if (name.startsWith("var-")) (variables[name.slice(4)] ??= []).push(value === "All" ? ALL : value);
  }
  return {
    uid: decodeURIComponent(location.pathname.split("/")[2] ?? ""),
    from: query.get("from"),
    to: query.get("to"),
    refresh: query.get("refresh"),
    viewPanel: query.get("viewPanel") ? Number(query.get("viewPanel").replace("panel-", "")) : null,
    variables,
  };
}

export function timeQuery(state) {
  return new URLSearchParams({ from: state.from, to: state.to }).toString();
}

export function variableQuery(variables, names = Object.keys(variables)) {
  const query = new URLSearchParams();
  for (const name of names) for (const value of variables[name] ?? []) query.append(`var-${name}`, value);
  return query.toString();
}

export function address(state) {
  const query = [timeQuery(state), variableQuery(state.variables)];
  if (state.refresh) query.push(new URLSearchParams({ refresh: state.refresh }).toString());
  if (state.viewPanel) query.push(`viewPanel=${state.viewPanel}`);
  return `/d/${encodeURIComponent(state.uid)}?${query.filter(Boolean).join("&")}`;
}
