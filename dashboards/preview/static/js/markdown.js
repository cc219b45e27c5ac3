// The Markdown that dashboards use: headings, lists, tables, paragraphs, **strong**, *emphasis*, `code`, [links](...).

import { h } from "./dom.js";

const INLINE = /\*\*(.+?)\*\*|__(.+?)__|\*(.+?)\*|_(.+?)_(?!\w)|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)/;

// `follow` turns an address into one that may be followed, or null.
export function markdown(text, follow) {
  const blocks = [];
  let lines = [];
  const end = () => {
    if (lines.length) blocks.push(block(lines, follow));
    lines = [];
  };
  for (const line of text.split(/\r?\n/)) {
    if (!line.trim()) end();
    else if (/^#{1,6} /.test(line)) {
      end();
      blocks.push(block([line], follow));
    } else lines.push(line);
  }
  end();
  return blocks;
}

function block(lines, follow) {
  const heading = /^(#{1,6}) (.*)/.exec(lines[0]);
  if (heading) return h(`h${Math.min(heading[1].length + 2, 6)}`, {}, inline(heading[2], follow));
  if (lines.every((line) => /^\s*\|/.test(line)) && lines.length > 1) return grid(lines, follow);
  const item = /^\s*(?:[-*+]|(\d+)[.)]) /.exec(lines[0]);
  if (item) {
    const items = [];
    for (const line of lines) {
      if (/^\s*(?:[-*+]|\d+[.)]) /.test(line)) items.push(line.replace(/^\s*(?:[-*+]|\d+[.)]) /, ""));
      else items[items.length - 1] += ` ${line.trim()}`;
    }
    return h(item[1] ? "ol" : "ul", {}, items.map((each) => h("li", {}, inline(each, follow))));
  }
  if (lines.every((line) => line.startsWith(">"))) return h("blockquote", {}, inline(lines.map((line) => line.replace(/^> ?/, "")).join(" "), follow));
  return h("p", {}, inline(lines.join(" "), follow));
}

function grid(lines, follow) {
  const rows = lines.map((line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim()));
  const body = /^[\s|:-]+$/.test(lines[1]) ? rows.slice(2) : rows.slice(1);
  return h("table", {}, h("thead", {}, h("tr", {}, rows[0].map((cell) => h("th", {}, inline(cell, follow))))),
    h("tbody", {}, body.map((row) => h("tr", {}, row.map((cell) => h("td", {}, inline(cell, follow)))))));
}

function inline(text, follow) {
  const found = INLINE.exec(text);
  if (!found) return [text];
  const [whole, strong, strong2, soft, soft2, code, label, url] = found;
  return [text.slice(0, found.index), element(), ...inline(text.slice(found.index + whole.length), follow)];

  function element() {
    if (strong ?? strong2) return h("strong", {}, inline(strong ?? strong2, follow));
    if (soft ?? soft2) return h("em", {}, inline(soft ?? soft2, follow));
    if (code) return h("code", {}, code);
    const address = follow(url);
    return address ? h("a", { href: address }, inline(label, follow)) : label;
  }
}
