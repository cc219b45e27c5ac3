// What the server is asked. An error is a sentence for the reader, whatever has gone wrong.

async function get(path, signal) {
  let response;
  try {
    response = await fetch(path, { signal, headers: { Accept: "application/json" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("the preview does not answer: is it still running?");
  }
  const body = await response.json().catch(() => ({ error: `the preview answers with ${response.status}` }));
  if (!response.ok) throw new Error(body.error ?? `the preview answers with ${response.status}`);
  return body;
}

const part = encodeURIComponent;

export const listBoards = () => get("/api/dashboards");
export const getBoard = (uid) => get(`/api/dashboards/${part(uid)}`);
export const getNewest = (uid) => get(`/api/dashboards/${part(uid)}/newest`);

export function runTarget(uid, panel, refId, { from, to, points, variables }, signal) {
  const query = new URLSearchParams({ from, to, points });
  for (const [name, values] of Object.entries(variables)) for (const value of values) query.append(`var-${name}`, value);
  return get(`/api/dashboards/${part(uid)}/panels/${panel}/${part(refId)}?${query}`, signal);
}

export function runVariable(uid, name, { from, to, variables }, signal) {
  const query = new URLSearchParams({ from, to });
  for (const [other, values] of Object.entries(variables)) for (const value of values) query.append(`var-${other}`, value);
  return get(`/api/dashboards/${part(uid)}/variables/${part(name)}?${query}`, signal);
}
