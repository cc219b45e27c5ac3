// A button that opens a box under it: Escape and a click elsewhere close it, and the button has the focus again.

import { h, replace } from "./dom.js";

let opened = null;

// `content(close)` makes what is in the box each time that it opens.
export function popover(label, properties, content) {
  const box = h("div", { class: "box", hidden: true });
  const button = h("button", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", ...properties, onclick: () => (box.hidden ? open() : close()) }, label);
  const holder = h("div", { class: "popover", onkeydown: (event) => {
    if (event.key === "Escape" && !box.hidden) {
      event.stopPropagation();
      close();
      button.focus();
    }
  } }, button, box);

  function open() {
    opened?.();
    opened = close;
    replace(box, content(close));
    box.hidden = false;
    button.setAttribute("aria-expanded", "true");
    const room = document.documentElement.clientWidth - box.getBoundingClientRect().right;
    box.classList.toggle("leftwards", room < 0);
    box.querySelector("input, button, a, select")?.focus();
  }

  function close() {
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (opened === close) opened = null;
  }

  return holder;
}

document.addEventListener("pointerdown", (event) => {
  if (opened && !event.target.closest(".popover")) opened();
});
