// Text, as Markdown. Nothing of it is ever taken for HTML.

import { h } from "../dom.js";
import { inLink, inText } from "../interpolate.js";
import { markdown } from "../markdown.js";

export function text({ body, panel, context }) {
  const { mode = "markdown", content = "" } = panel.options ?? {};
  const said = inText(content, context);
  body.append(mode === "code" ? h("pre", {}, said) : h("div", { class: "words" }, markdown(said, (url) => inLink(url, context))));
  return { points: 1 };
}
