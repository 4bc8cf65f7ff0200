// The panel beside the phones: five tabs.

import { ClockTab } from "./clock.js";
import { DeskTab } from "./desk.js";
import { el } from "./dom.js";
import { FaultsTab } from "./faults.js";
import { JournalTab } from "./journal.js";
import { TapeTab } from "./tape.js";

const WIDE = 1180; // pixels from which there is room for phones and panel

export class Panel {
  constructor(node) {
    this.node = node;
    this.tabs = {
      journal: new JournalTab(),
      faults: new FaultsTab(),
      clock: new ClockTab(),
      tape: new TapeTab(),
      desk: new DeskTab(),
    };
    this.buttons = {};
    const bar = el("div", { class: "tabs", role: "tablist" });
    for (const [name, tab] of Object.entries(this.tabs)) {
      const button = el("button", { class: "tabs__one", type: "button", role: "tab", testid: `tab-${name}`, text: tab.title, onclick: () => this.open(name) });
      this.buttons[name] = button;
      bar.append(button);
    }
    bar.append(el("button", { class: "tabs__shut", type: "button", text: "关闭", onclick: () => this.toggle() }));
    node.append(bar, ...Object.values(this.tabs).map((tab) => tab.node));
    this.open("journal");
    document.body.classList.toggle("has-panel", window.innerWidth >= WIDE);
  }

  open(name) {
    for (const [each, tab] of Object.entries(this.tabs)) {
      tab.node.hidden = each !== name;
      this.buttons[each].setAttribute("aria-selected", String(each === name));
    }
    document.body.classList.toggle("at-desk", name === "desk");
    this.tabs[name].opened?.();
  }

  toggle() {
    document.body.classList.toggle("has-panel");
  }

  update(news, phones) {
    for (const tab of Object.values(this.tabs)) tab.update(news, phones);
    this.buttons.desk.textContent = news.waiting.length ? `接待（${news.waiting.length}）` : "接待";
  }

  forget() {
    for (const tab of Object.values(this.tabs)) tab.forget?.();
  }
}
