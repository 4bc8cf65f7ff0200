// 通知管理 on one phone: which notices the account may still send it, and which it wants no more.

import { el, icon } from "./dom.js";
import { act } from "./server.js";

export class Notices {
  constructor(phoneAct) {
    this.phoneAct = phoneAct;
    this.person = null;
    this.rows = el("div", { class: "notices__rows" });
    this.node = el("div", { class: "notices", testid: "notices", hidden: true, role: "dialog", "aria-label": "通知管理" },
      el("div", { class: "notices__head" },
        el("b", { text: "通知管理" }),
        el("button", { class: "notices__shut", type: "button", testid: "notices-shut", "aria-label": "关闭", title: "关闭", onclick: () => this.shut() }, icon("cross"))),
      this.rows);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.shut(); });
  }

  async show() {
    const told = await act("GET", "/control/templates");
    if (!told) return;
    this.told = told;
    this.node.hidden = false;
    this.draw();
    this.node.querySelector("button").focus();
  }

  shut() {
    this.node.hidden = true;
  }

  update(person) {
    const isNew = JSON.stringify(person.notices) !== JSON.stringify(this.person?.notices);
    this.person = person;
    if (isNew && !this.node.hidden) this.draw();
  }

  draw() {
    const { notices, templates } = this.told;
    this.rows.replaceChildren(
      el("p", { class: "notices__label", text: "订阅通知，允许一次收一条" }),
      ...(notices.length ? notices.map((each) => this.notice(each)) : [el("p", { class: "notices__none", text: "公众号还没有选用订阅通知" })]),
      el("p", { class: "notices__label", text: "服务通知，关掉后重置沙箱才恢复" }),
      ...templates.map((each) => this.row(each, "", [this.refusing(each)])));
  }

  notice(template) {
    const left = this.person.notices?.[template.id] ?? 0;
    const allow = button("允许一次", `allow-${template.id}`, () => this.phoneAct("grant", { accepts: [template.id] }));
    return this.row(template, left ? `还可收 ${left} 条` : "还没有允许", [allow, this.refusing(template)]);
  }

  refusing(template) {
    return button("不再接收", `refuse-${template.id}`, () => this.phoneAct("refuse", { template_id: template.id }));
  }

  row(template, words, buttons) {
    return el("div", { class: "notices__row" },
      el("span", { class: "notices__what" },
        el("span", { text: template.title }),
        words ? el("span", { class: "notices__left", text: words }) : null),
      el("span", { class: "notices__acts" }, ...buttons));
  }
}

const button = (text, testid, onclick) =>
  el("button", { class: "sheet__button", type: "button", testid, text, onclick });
