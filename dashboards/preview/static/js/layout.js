// Where panels stand: Grafana's grid of 24 columns, in which a folded row takes its panels away.

const COLUMNS = 24;

// Rows with the panels under them, in the order of the page; the first may have no row.
export function sections(panels) {
  const sorted = [...panels].sort((one, other) => one.gridPos.y - other.gridPos.y || one.gridPos.x - other.gridPos.x);
  const found = [{ row: null, panels: [] }];
  for (const panel of sorted) {
    if (panel.type === "row") found.push({ row: panel, panels: [...(panel.panels ?? [])], folded: Boolean(panel.collapsed) });
    else found.at(-1).panels.push(panel);
  }
  return found.filter(({ row, panels: inside }) => row || inside.length);
}

// Gives each panel of a section its place in the section's own grid.
export function place(element, { x, y, w, h }, top) {
  element.style.setProperty("--x", Math.min(x, COLUMNS - 1) + 1);
  element.style.setProperty("--y", y - top + 1);
  element.style.setProperty("--w", Math.min(w, COLUMNS));
  element.style.setProperty("--h", h);
}
