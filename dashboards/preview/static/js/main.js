// The page: reads the address, loads the dashboard, and puts bar and panels together.

import { getBoard, getNewest, listBoards } from "./api.js";
import { bar } from "./bar.js";
import { together } from "./chart.js";
import { h, replace } from "./dom.js";
import { place, sections } from "./layout.js";
import { Panel } from "./panel.js";
import { address, readState } from "./state.js";
import { otherTheme, startTheme } from "./theme.js";
import { Clock, anchored, resolve } from "./time.js";
import { moved } from "./timepicker.js";
import { loadVariables } from "./variables.js";

const seconds = { s: 1, m: 60, h: 3600, d: 86400 };

class Page {
  constructor() {
    this.main = document.getElementById("board");
    this.bar = document.getElementById("bar");
    this.panels = [];
    this.running = new AbortController();
    this.folded = new Map();
  }

  // Shows what the address says.
  async open() {
    const before = this.board?.uid;
    this.state = readState();
    try {
      this.boards ??= await listBoards();
      if (before !== this.state.uid) {
        this.board = await getBoard(this.state.uid);
        this.folded.clear();
      }
      document.title = this.board.title;
      await this.refresh(true);
    } catch (error) {
      if (error.name !== "AbortError") this.broken(error);
    }
  }

  // Asks for everything again, as of now. `anew`: the panels are others, or stand elsewhere.
  async refresh(anew = false) {
    this.running.abort();
    const { signal } = this.running = new AbortController();
    clearTimeout(this.timer);
    document.body.dataset.state = "loading";
    const { board, state } = this;
    this.clock = new Clock(await getNewest(board.uid).catch(() => ({ now: Date.now(), newest: null, latest: null })));
    if (signal.aborted) return;
    state.from = resolve(state.from ?? "", this.clock) === null ? anchored(board.time?.from ?? "now-7d", this.clock) : state.from;
    state.to = resolve(state.to ?? "", this.clock) === null ? anchored(board.time?.to ?? "now", this.clock) : state.to;
    state.refresh ??= this.clock.stale ? "" : board.refresh || "";
    const range = { from: resolve(state.from, this.clock), to: resolve(state.to, this.clock, true) };
    if (range.from >= range.to) [range.from, range.to] = [range.to, range.from];
    const { pickers, values } = await loadVariables(board, state.variables, range, signal);
    if (signal.aborted) return;
    state.variables = { ...state.variables, ...values };
    history.replaceState(null, "", address(state));
    const context = { state, range, board, clock: this.clock };
    replace(this.bar, bar({ ...context, boards: this.boards, pickers }, this));
    if (anew || !this.panels.length) this.lay();
    await Promise.all(this.panels.map((panel) => panel.load(context, signal)));
    if (signal.aborted) return;
    together(this.panels.filter(({ drawn }) => drawn?.chart).map(({ drawn }) => drawn.chart));
    document.body.dataset.state = "ready";
    const wait = /^(\d+)([smhd])$/.exec(state.refresh);
    if (wait) this.timer = setTimeout(() => this.again(), wait[1] * seconds[wait[2]] * 1000);
  }

  // The refresh that comes by itself, which nobody watches in a hidden page.
  again() {
    if (document.hidden) document.addEventListener("visibilitychange", () => this.refresh(), { once: true });
    else this.refresh().catch((error) => this.broken(error));
  }

  lay() {
    for (const panel of this.panels) panel.clear();
    this.panels = [];
    const { viewPanel } = this.state;
    const alone = viewPanel && this.board.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]).find(({ id }) => id === viewPanel);
    if (alone) {
      const panel = this.panel(alone);
      panel.element.classList.add("alone");
      replace(this.main, panel.element);
      return;
    }
    replace(this.main, this.board.description ? h("p", { class: "question" }, this.board.description) : null, sections(this.board.panels ?? []).map((section) => this.section(section)));
  }

  section({ row, panels, folded }) {
    const top = Math.min(...panels.map(({ gridPos }) => gridPos.y));
    const grid = h("div", { class: "grid" }, panels.map((panel) => {
      const drawn = this.panel(panel);
      place(drawn.element, panel.gridPos, top);
      return drawn.element;
    }));
    if (!row) return grid;
    grid.hidden = this.folded.get(row.id) ?? folded;
    const button = h("button", { type: "button", class: "fold", "aria-expanded": String(!grid.hidden), onclick: () => {
      grid.hidden = !grid.hidden;
      this.folded.set(row.id, grid.hidden);
      button.setAttribute("aria-expanded", String(!grid.hidden));
    } }, row.title);
    return [h("h2", { class: "row" }, button), grid];
  }

  panel(model) {
    const panel = new Panel(model, this);
    this.panels.push(panel);
    return panel;
  }

  // A change of what is looked at goes into the address, and back brings it back.
  change(changes, anew = false) {
    history.pushState(null, "", address({ ...this.state, ...changes }));
    Object.assign(this.state, changes);
    this.refresh(anew).catch((error) => error.name === "AbortError" || this.broken(error));
  }

  pick(name, values) {
    this.change({ variables: { ...this.state.variables, [name]: values } });
  }

  shift(direction) {
    this.change(moved(this.state, this.clock, direction));
  }

  enlarge(viewPanel) {
    this.change({ viewPanel }, true);
  }

  // Follows a link; those within the preview without loading the page again.
  visit = ({ url, blank }) => {
    const target = new URL(url, location.href);
    if (blank) return window.open(target, "_blank", "noopener");
    if (target.origin !== location.origin || !target.pathname.startsWith("/d/")) return location.assign(target);
    history.pushState(null, "", target);
    scrollTo(0, 0);
    return this.open();
  };

  theme() {
    otherTheme();
    for (const panel of this.panels) if (panel.element.dataset.state === "drawn") panel.redraw();
    together(this.panels.filter(({ drawn }) => drawn?.chart).map(({ drawn }) => drawn.chart));
  }

  broken(error) {
    document.body.dataset.state = "broken";
    replace(this.main, h("p", { class: "notice failure", role: "alert" }, error.message),
      this.boards ? h("ul", {}, this.boards.map(({ uid, title }) => h("li", {}, h("a", { href: `/d/${uid}` }, title)))) : null);
  }
}

startTheme();
const page = new Page();
addEventListener("popstate", () => page.open());
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.origin === location.origin && link.pathname.startsWith("/d/")) {
    event.preventDefault();
    page.visit({ url: link.href });
  }
});
page.open();
