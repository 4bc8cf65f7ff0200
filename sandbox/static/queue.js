// The waiting list at the desk: who it is, what the product knows of them, and how long they wait.

import { el } from "./dom.js";
import { act } from "./server.js";

const LONG = 180; // seconds after which the wait is red

export class Queue {
  // `accepting(openid)` is told whom the clerk takes.
  constructor(accepting) {
    this.accepting = accepting;
    this.clock = { now: 0, at: 0, speed: 1 };
    this.node = el("div", { class: "queue" });
    setInterval(() => this.tick(), 1000);
  }

  setClock(news) {
    this.clock = { now: news.now, at: Date.now(), speed: news.speed ?? 1 };
    this.tick();
  }

  nodes(clerk, waiting, lasts, clerks) {
    const words = waiting.length ? `等待接入 ${waiting.length} 位` : "没有人在等";
    const rows = waiting.map((person) => this.row(clerk, person, lasts.get(person.openid), clerks));
    return [el("h3", { class: "queue__title", text: words }), ...rows];
  }

  row(clerk, person, words, clerks) {
    const wanted = clerks.find((each) => each.account === person.kf.account);
    return el("div", { class: "waiter", testid: `waiter-${person.openid}` },
      el("div", { class: "waiter__who" },
        el("b", { text: person.name }),
        person.remark ? el("span", { class: "remark", testid: "remark", text: person.remark }) : el("span", { class: "waiter__caption", text: person.caption })),
      el("div", { class: "waiter__said" },
        el("span", { class: "waiter__since", testid: "waits", data: { since: person.kf.since }, text: this.waits(person.kf.since) }),
        wanted ? el("span", { class: "waiter__wanted", text: `找${wanted.nickname}` }) : null,
        el("span", { class: "waiter__words", text: words })),
      el("button", {
        class: "weui-btn weui-btn_mini weui-btn_primary", type: "button", testid: `accept-${person.openid}`, text: "接入",
        disabled: !clerk?.is_online, title: clerk?.is_online ? `由${clerk.nickname}接待` : "先上线，再接入", onclick: () => this.accept(clerk, person),
      }));
  }

  accept(clerk, person) {
    this.accepting(person.openid);
    act("POST", `/control/kf/${clerk.account}/accept`, { openid: person.openid });
  }

  tick() {
    for (const node of this.node.querySelectorAll("[data-since]")) {
      node.textContent = this.waits(Number(node.dataset.since));
      node.classList.toggle("waiter__since--long", this.secondsSince(Number(node.dataset.since)) >= LONG);
    }
  }

  waits(since) {
    return `等了 ${lasting(this.secondsSince(since))}`;
  }

  secondsSince(since) {
    return this.clock.now + ((Date.now() - this.clock.at) / 1000) * this.clock.speed - since;
  }
}

function lasting(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} 秒`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} 分钟`;
  return `${Math.floor(seconds / 3600)} 小时 ${Math.floor((seconds % 3600) / 60)} 分`;
}
