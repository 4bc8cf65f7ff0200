// The menu at the foot of a phone: up to three buttons, some of which open others.

import { el } from "./dom.js";

export class MenuBar {
  constructor(press, open) {
    this.press = press;
    this.openPage = open;
    this.node = el("nav", { class: "menubar", "aria-label": "菜单", hidden: true });
    this.shown = "";
    document.addEventListener("click", (event) => {
      if (!this.node.contains(event.target)) this.shut();
    });
  }

  update(buttons) {
    const wanted = JSON.stringify(buttons);
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.node.hidden = buttons.length === 0;
    this.node.replaceChildren(...buttons.map((button, index) => this.top(button, index + 1)));
  }

  top(button, number) {
    const subs = button.sub_button ?? [];
    if (!subs.length) {
      return el("div", { class: "menubar__one" },
        el("button", { class: "menubar__top", type: "button", testid: `menu-top-${number}`, onclick: () => this.pressed(button) },
          el("span", { testid: `menu-${keyOf(button)}`, text: button.name })));
    }
    const list = el("div", { class: "menubar__subs", hidden: true, role: "menu" }, ...subs.map((sub) => this.sub(sub)));
    return el("div", { class: "menubar__one" },
      el("button", { class: "menubar__top menubar__top--opens", type: "button", testid: `menu-top-${number}`, "aria-haspopup": "menu", onclick: () => this.open(list) },
        el("span", { text: button.name })),
      list);
  }

  sub(button) {
    return el("button", { class: "menubar__sub", type: "button", role: "menuitem", testid: `menu-${keyOf(button)}`, text: button.name, onclick: () => this.pressed(button) });
  }

  open(list) {
    const wasShut = list.hidden;
    this.shut();
    list.hidden = !wasShut;
  }

  pressed(button) {
    this.shut();
    this.press(keyOf(button));
    if (button.type === "view") this.openPage(button.url);
  }

  shut() {
    for (const list of this.node.querySelectorAll(".menubar__subs")) list.hidden = true;
  }
}

const keyOf = (button) => button.key ?? button.url ?? "";
