// Dark or light: what the address says, else what was chosen last, else what the system prefers.

const KEY = "hubbub-theme";

export function startTheme() {
  const asked = new URLSearchParams(location.search).get("theme");
  const light = matchMedia("(prefers-color-scheme: light)").matches;
  set(["dark", "light"].includes(asked) ? asked : remembered() ?? (light ? "light" : "dark"));
}

export function otherTheme() {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  set(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // A browser that keeps nothing forgets this too.
  }
}

function set(theme) {
  document.documentElement.dataset.theme = theme;
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
