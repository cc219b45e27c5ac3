// A panel's frame: title, what it means, its links, its query; and inside, whatever its type draws.

import { runTarget } from "./api.js";
import { h, replace } from "./dom.js";
import { frame } from "./fields.js";
import { inLink, inText } from "./interpolate.js";
import { markdown } from "./markdown.js";
import { barchart } from "./panels/barchart.js";
import { bargauge } from "./panels/bargauge.js";
import { heatmap } from "./panels/heatmap.js";
import { stat } from "./panels/stat.js";
import { table } from "./panels/table.js";
import { text } from "./panels/text.js";
import { timeseries } from "./panels/timeseries.js";
import { popover } from "./popover.js";

const TYPES = { barchart, bargauge, heatmap, stat, table, text, timeseries };

// data-state tells how far it is: loading, drawn, empty or failed; data-points how many values are drawn.
export class Panel {
  constructor(panel, view) {
    this.panel = panel;
    this.view = view;
    this.body = h("div", { class: "body" });
    this.head = h("header", { class: "head" });
    this.answers = [];
    this.element = h("section", { class: `panel ${panel.type}${panel.transparent ? " transparent" : ""}`, id: `panel-${panel.id}`, "data-panel": panel.id, "data-type": panel.type, "data-state": "loading", tabindex: "-1" }, this.head, this.body);
  }

  // Asks for the data of a time range and draws it; what was there stays until then.
  async load(context, signal) {
    this.context = context;
    this.titled();
    this.element.dataset.state = "loading";
    this.element.setAttribute("aria-busy", "true");
    try {
      const targets = (this.panel.targets ?? []).filter(({ hide, rawSql }) => !hide && rawSql);
      const points = Math.max(Math.round(this.element.clientWidth || 600), 100);
      const asked = { from: context.range.from, to: context.range.to, points, variables: context.state.variables };
      this.answers = await Promise.all(targets.map(async (target) => ({ target, answer: await runTarget(context.board.uid, this.panel.id, target.refId, asked, signal) })));
      this.redraw();
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failed(error);
    } finally {
      if (!signal.aborted) this.element.removeAttribute("aria-busy");
    }
  }

  // Draws again what is known, in other colours.
  redraw() {
    this.clear();
    const { panel, context } = this;
    const draw = TYPES[panel.type];
    if (!draw) return this.failed(new Error(`the preview draws no panels of type ${panel.type}`));
    const frames = this.answers.map(({ target, answer }) => frame(answer, target, panel.fieldConfig));
    const [first] = this.answers;
    const range = first ? { from: first.answer.from, to: first.answer.to } : context.range;
    try {
      const drawn = draw({ body: this.body, panel, frames, range, context, visit: this.view.visit });
      this.drawn = drawn;
      const empty = !drawn.points && !drawn.mapped;
      this.element.dataset.points = drawn.points;
      this.element.dataset.state = empty ? "empty" : "drawn";
      if (empty) replace(this.body, h("p", { class: "notice" }, panel.fieldConfig?.defaults?.noValue || "No data in this time range"));
    } catch (error) {
      this.failed(error);
    }
  }

  clear() {
    this.drawn?.dispose?.();
    this.drawn = null;
    replace(this.body);
  }

  failed(error) {
    this.clear();
    this.element.dataset.state = "failed";
    this.element.dataset.points = 0;
    replace(this.body, h("p", { class: "notice failure", role: "alert" }, error.message));
  }

  titled() {
    const { panel, context } = this;
    const title = inText(panel.title, context);
    const about = panel.description ? popover("i", { class: "icon", "aria-label": `About ${title}`, title: "What this means" }, () => h("div", { class: "about" }, markdown(panel.description, (url) => inLink(url, context)))) : null;
    const queries = (panel.targets ?? []).some(({ rawSql }) => rawSql);
    const menu = queries || panel.links?.length ? popover("⋮", { class: "icon more", "aria-label": `More of ${title}`, title: "More" }, (close) => this.menu(close)) : null;
    replace(this.head, title ? h("h3", { title }, title) : null, panel.timeFrom ? h("span", { class: "own-time" }, `last ${panel.timeFrom}`) : null, about, menu);
    this.head.hidden = !title && !about && !menu;
    this.element.setAttribute("aria-label", title || panel.type);
  }

  menu(close) {
    const { panel, context, view } = this;
    const whole = context.state.viewPanel === panel.id;
    return h("div", { class: "menu" },
      (panel.links ?? []).map(({ title, url, targetBlank }) => {
        const address = inLink(url, context);
        return address ? h("a", { href: address, target: targetBlank ? "_blank" : null, rel: targetBlank ? "noopener" : null }, inText(title, context)) : null;
      }),
      h("button", { type: "button", onclick: () => { close(); view.enlarge(whole ? null : panel.id); } }, whole ? "Back to the dashboard" : "View alone"),
      this.answers.length ? h("button", { type: "button", onclick: () => { close(); this.showQuery(); } }, "Show the query") : null);
  }

  showQuery() {
    const dialog = h("dialog", { class: "query", "aria-label": `Query of ${this.panel.title}`, onclose: () => dialog.remove() },
      this.answers.map(({ answer }) => h("pre", { tabindex: "0" }, answer.sql.trim())),
      h("form", { method: "dialog" }, h("button", { class: "main" }, "Close")));
    document.body.append(dialog);
    dialog.showModal();
  }
}
