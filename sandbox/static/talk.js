// One session at the desk: what was said, and what the clerk says.

import { bubbleNode, timeNode } from "./bubbles.js";
import { el, putBack } from "./dom.js";
import { act } from "./server.js";

const APART = 300; // seconds of silence after which the time is shown
const NEAR = 60; // pixels from the end that still count as being there
const READY = ["您好，我是{name}，请稍等，我看一下您的工单。", "已经安排工程师，请留意通知。", "还有别的可以帮您吗？"];

export class Talk {
  // `isNew`: the session has just begun, so that what was said before can be told apart.
  constructor(person, bubbles, isNew) {
    this.person = person;
    this.unread = 0;
    this.lastAt = 0;
    this.said = el("div", { class: "talk__said", role: "log", "aria-label": `与${person.name}的会话` });
    this.node = el("div", { class: "talk", testid: `talk-${person.openid}` }, this.buildHead(), this.said, this.buildReady(), this.buildInput());
    for (const bubble of bubbles) this.append(bubble);
    if (isNew) this.said.append(el("div", { class: "talk__begin", text: "会话开始" }));
  }

  // --- building ---------------------------------------------------------------------------------

  buildHead() {
    this.name = el("b", { class: "talk__name" });
    this.remark = el("span", { class: "remark", testid: "remark" });
    this.caption = el("span", { class: "talk__caption" });
    this.others = el("select", { class: "talk__others", testid: `switch-to-${this.person.openid}`, "aria-label": "转给别的客服", onchange: () => this.handOn() });
    return el("div", { class: "talk__head" },
      el("div", { class: "talk__who" }, this.name, this.caption),
      this.others,
      el("button", { class: "chip", type: "button", testid: `close-${this.person.openid}`, text: "结束会话", onclick: () => this.post("close") }),
      this.remark);
  }

  buildReady() {
    return el("div", { class: "talk__ready" }, ...READY.map((words) =>
      el("button", { class: "talk__line", type: "button", text: words.replace("{name}", "…"), title: "放进输入框", onclick: () => this.take(words) })));
  }

  buildInput() {
    this.input = el("input", { class: "say__input", "aria-label": `对${this.person.name}说`, placeholder: `对${this.person.name}说`, testid: `clerk-input-${this.person.openid}`, autocomplete: "off", maxlength: 600 });
    return el("form", { class: "say", onsubmit: (event) => this.say(event) },
      this.input,
      el("button", { class: "say__send", type: "submit", testid: `clerk-send-${this.person.openid}`, text: "发送" }));
  }

  // --- what comes -------------------------------------------------------------------------------

  update(person, clerks) {
    this.person = person;
    this.clerk = clerks.find((each) => each.account === person.kf.account);
    this.name.textContent = person.name;
    this.remark.textContent = person.remark ?? "";
    this.remark.hidden = !person.remark;
    this.caption.textContent = person.caption;
    const others = clerks.filter((each) => each.account !== person.kf.account);
    const options = others.map((each) => `${each.nickname}${each.is_online ? "" : "（不在线）"}`);
    this.others.hidden = !others.length;
    if (this.offered === JSON.stringify(options)) return;
    this.offered = JSON.stringify(options);
    this.others.replaceChildren(el("option", { value: "", text: "转给…" }),
      ...others.map((each, place) => el("option", { value: each.account, text: options[place], disabled: !each.is_online })));
  }

  hear(bubble) {
    const wasAtEnd = this.isAtEnd();
    this.append(bubble);
    if (bubble.from === "person" && !this.isSeen()) this.unread += 1;
    if (wasAtEnd || bubble.via === "clerk") this.toEnd();
  }

  append(bubble) {
    if (bubble.at - this.lastAt > APART) this.said.append(timeNode(bubble.at));
    this.lastAt = bubble.at;
    const node = bubbleNode(bubble);
    for (const image of node.querySelectorAll("img")) image.addEventListener("load", () => this.toEnd());
    this.said.append(node);
  }

  isSeen() {
    return this.said.offsetParent !== null;
  }

  looked() {
    if (this.isSeen()) this.unread = 0;
  }

  isAtEnd() {
    return this.said.scrollHeight - this.said.scrollTop - this.said.clientHeight < NEAR;
  }

  toEnd() {
    this.said.scrollTop = this.said.scrollHeight;
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  // --- what the clerk does ----------------------------------------------------------------------

  take(words) {
    this.input.value = words.replace("{name}", this.clerk?.nickname ?? "");
    this.focus();
  }

  async say(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    if (!(await this.post("say", { text }))) putBack(this.input, text);
  }

  async handOn() {
    const account = this.others.value;
    this.others.value = "";
    if (account) await this.post("switch", {}, account);
  }

  post(what, body = {}, account = this.person.kf.account) {
    return act("POST", `/control/kf/${account}/${what}`, { openid: this.person.openid, ...body });
  }
}
