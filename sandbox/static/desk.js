// The customer-service client: who waits, who is served, and what is said to them.

import { bubbleNode } from "./bubbles.js";
import { el } from "./dom.js";
import { act } from "./server.js";

const REMEMBERED = 30; // bubbles of one person

export class DeskTab {
  title = "接待";

  constructor() {
    this.said = new Map();
    this.drafts = new Map();
    this.shown = "";
    this.node = el("div", { class: "tab tab--desk" });
  }

  forget() {
    this.said.clear();
  }

  update(news) {
    for (const bubble of news.bubbles) {
      const list = this.said.get(bubble.openid) ?? [];
      list.push(bubble);
      this.said.set(bubble.openid, list.slice(-REMEMBERED));
    }
    const served = news.people.filter((person) => person.kf.state === "session");
    const lasts = served.map((person) => this.said.get(person.openid)?.at(-1)?.id);
    const wanted = JSON.stringify([news.clerks, news.waiting, served.map((each) => each.kf), lasts]);
    if (wanted === this.shown) return;
    this.shown = wanted;
    const people = new Map(news.people.map((person) => [person.openid, person]));
    this.node.replaceChildren(...news.clerks.map((clerk) => this.clerk(clerk, news.waiting.map((openid) => people.get(openid)), served)));
    for (const talk of this.node.querySelectorAll(".talk__said")) talk.scrollTop = talk.scrollHeight;
  }

  clerk(clerk, waiting, served) {
    const online = (changes) => act("POST", `/control/kf/${clerk.account}/online`, {
      is_online: clerk.is_online, takes_automatically: clerk.takes_automatically, ...changes,
    });
    return el("div", { class: "clerk", testid: `clerk-${clerk.account}` },
      el("div", { class: "clerk__head" },
        el("b", { text: clerk.nickname }), el("span", { class: "clerk__account", text: clerk.account })),
      checkbox("在线", clerk.is_online, "clerk-online", (is_online) => online({ is_online })),
      checkbox("自动接入", clerk.takes_automatically, "clerk-auto", (takes_automatically) => online({ takes_automatically })),
      el("h3", { text: waiting.length ? `等待接入 ${waiting.length} 位` : "没有人在等" }),
      ...waiting.map((person) => this.waiter(clerk, person)),
      ...served.filter((person) => person.kf.account === clerk.account).map((person) => this.talk(clerk, person)));
  }

  waiter(clerk, person) {
    const accept = () => act("POST", `/control/kf/${clerk.account}/accept`, { openid: person.openid });
    return el("div", { class: "waiter" },
      el("span", { text: `${person.name} · ${person.caption}` }),
      el("button", { class: "weui-btn weui-btn_mini weui-btn_primary", type: "button", testid: `accept-${person.openid}`, text: "接入", onclick: accept }));
  }

  talk(clerk, person) {
    const path = `/control/kf/${clerk.account}`;
    const input = el("input", { class: "say__input", "aria-label": `对${person.name}说`, placeholder: `对${person.name}说`, testid: `clerk-input-${person.openid}` });
    input.value = this.drafts.get(person.openid) ?? "";
    input.addEventListener("input", () => this.drafts.set(person.openid, input.value));
    const say = async (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (!text) return;
      this.drafts.delete(person.openid);
      await act("POST", `${path}/say`, { openid: person.openid, text });
    };
    const said = (this.said.get(person.openid) ?? []).map((bubble) => bubbleNode(bubble, () => {}));
    return el("div", { class: "talk" },
      el("div", { class: "talk__head" },
        el("b", { text: person.name }),
        el("button", { class: "chip", type: "button", testid: `close-${person.openid}`, text: "结束会话", onclick: () => act("POST", `${path}/close`, { openid: person.openid }) })),
      el("div", { class: "talk__said" }, ...said),
      el("form", { class: "say", onsubmit: say }, input, el("button", { class: "say__send say__send--shown", type: "submit", text: "发送" })));
  }
}

function checkbox(label, isOn, testid, change) {
  const box = el("input", { type: "checkbox", class: "weui-switch", testid, onchange: () => change(box.checked) });
  box.checked = isOn;
  return el("label", { class: "clerk__switch" }, el("span", { text: label }), box);
}
