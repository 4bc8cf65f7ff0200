// One phone: its head, its chat, its input, what can be attached, and the menu at its foot.

import { bubbleNode, timeNode } from "./bubbles.js";
import { el, hint, icon, isFree, putBack } from "./dom.js";
import { openInside } from "./inside.js";
import { MenuBar } from "./menubar.js";
import { Notices } from "./notices.js";
import { Scanner } from "./scan.js";
import { act, phoneAct } from "./server.js";
import { Sheet } from "./sheet.js";

const NEAR = 48; // pixels from the end that still count as being there
const APART = 300; // seconds of silence after which the time is shown
const PLACES = [
  [31.2304, 121.4737, "A座 三楼"],
  [31.2311, 121.4752, "B座 二楼"],
  [31.2298, 121.4725, "A座 一楼大堂"],
];

export class Phone {
  constructor(person, choose) {
    this.openid = person.openid;
    this.unread = 0;
    this.below = 0;
    this.lastAt = 0;
    this.acts = {
      tap: (content, id) => this.act("tap", { content, id }),
      open: (address) => openInside(this.openid, address, this.node),
    };
    this.menu = new MenuBar((key) => this.act("press", { key }), this.acts.open);
    this.scanner = new Scanner(this.openid, this.acts.open);
    this.notices = new Notices((what, body) => phoneAct(this.openid, what, body));
    this.sheet = new Sheet((what, body) => this.act(what, body), {
      scan: () => this.scan(),
      notices: () => { this.shutParts(); this.notices.show(); },
      menu: () => act("GET", `/phone/${this.openid}/menu?fresh=1`),
    });
    this.node = this.build(person);
    this.switch = this.buildSwitch(person, choose);
    this.chat.addEventListener("scroll", () => this.scrolled());
    this.node.addEventListener("pointerenter", () => this.looked());
    this.node.addEventListener("focusin", () => this.looked());
  }

  // --- building ---------------------------------------------------------------------------------

  build(person) {
    this.chat = el("div", { class: "chat", testid: "chat", role: "log", "aria-label": `${person.name}的聊天` });
    this.chat.tabIndex = 0;
    const examples = person.examples.map((text) =>
      el("button", { class: "chat__example", type: "button", text, onclick: () => this.act("say", { text }) }));
    this.hello = el("div", { class: "chat__hello" }, el("p", { text: "还没有消息，说句话试试" }), ...examples);
    this.chat.append(this.hello);
    this.fresh = el("button", { class: "chat__new", type: "button", testid: "new", hidden: true, onclick: () => this.toEnd() });
    this.attached = this.buildAttached();
    return el(
      "section",
      { class: `phone phone--${person.role}`, testid: `phone-${person.openid}`, "aria-label": `${person.name}的手机` },
      this.buildHead(person),
      el("div", { class: "phone__screen" }, this.chat, this.fresh),
      this.sheet.node,
      this.buildInput(person),
      this.attached,
      this.menu.node,
      this.scanner.node,
      this.notices.node,
    );
  }

  buildHead(person) {
    this.count = el("span", { class: "weui-badge", testid: "unread", hidden: true });
    this.caption = el("span", { class: "head__caption", text: person.caption });
    return el(
      "header",
      { class: "head" },
      el("span", { class: "head__face", text: person.name.slice(0, 1), "aria-hidden": "true" }),
      el("span", { class: "head__who" }, el("b", { class: "head__name", text: person.name }), this.caption),
      this.count,
      el("button", { class: "head__button head__button--large", type: "button", title: "放大", "aria-label": "放大", onclick: () => this.enlarge() }, icon("large")),
      el("button", { class: "head__button", type: "button", testid: "more", title: "更多", "aria-label": "更多", onclick: () => this.toggle(this.sheet.node) }, icon("more")),
    );
  }

  buildInput(person) {
    this.input = el("input", { class: "say__input", testid: "input", type: "text", maxlength: 2000, placeholder: "发消息", "aria-label": `以${person.name}的身份发消息`, autocomplete: "off", enterkeyhint: "send" });
    return el(
      "form",
      { class: "say", onsubmit: (event) => this.say(event) },
      this.input,
      el("button", { class: "say__plus", type: "button", testid: "attach", title: "照片、语音、位置", "aria-label": "照片、语音、位置", onclick: () => this.toggle(this.attached) }, icon("plus")),
      el("button", { class: "say__send", type: "submit", testid: "send", text: "发送" }),
    );
  }

  buildAttached() {
    const file = el("input", { type: "file", accept: "image/*", testid: "photo-file", hidden: true, onchange: () => this.upload(file) });
    const tools = [
      ["photo", "拍照", () => this.act("photo")],
      ["file", "选图片", () => file.click()],
      ["voice", "语音", () => this.sendVoice()],
      ["video", "视频", () => this.act("video")],
      ["location", "位置", () => this.sendPlace()],
      ["code", "扫一扫", () => this.scan()],
    ];
    const buttons = tools.map(([name, label, onclick]) =>
      el("button", { class: "tool", type: "button", testid: name, onclick }, icon(name), el("span", { text: label })));
    return el("div", { class: "tools", hidden: true }, ...buttons, file);
  }

  buildSwitch(person, choose) {
    this.switchCount = el("span", { class: "weui-badge", hidden: true });
    return el("button", {
      class: "switcher__one",
      type: "button",
      testid: `switch-${person.openid}`,
      onclick: () => { choose(this.openid); this.looked(); this.toEnd(); },
    }, el("span", { text: person.name }), this.switchCount);
  }

  // --- what comes -------------------------------------------------------------------------------

  update(person) {
    this.person = person;
    this.menu.update(person.follows ? person.menu : []);
    this.node.classList.toggle("phone--gone", !person.follows);
    this.sheet.update(person);
    this.notices.update(person);
    this.input.disabled = !person.follows;
    this.input.placeholder = person.follows ? "发消息" : "还没有关注";
    const isTyping = person.typing_for > 0;
    this.caption.textContent = isTyping ? "对方正在输入…" : captionOf(person);
    if (isTyping) setTimeout(() => { this.caption.textContent = captionOf(this.person); }, person.typing_for * 1000);
  }

  show(bubbles, isAnew) {
    if (!bubbles.length) return;
    this.hello.remove();
    const wasAtEnd = this.isAtEnd();
    const isMine = bubbles.some((bubble) => bubble.from === "person");
    for (const bubble of bubbles) this.append(bubble, wasAtEnd);
    const fromAccount = bubbles.filter((bubble) => bubble.from !== "person").length;
    if (wasAtEnd || isMine || isAnew) this.toEnd();
    else this.setBelow(this.below + fromAccount);
    if (!isAnew && fromAccount && !this.isLookedAt()) this.setUnread(this.unread + fromAccount);
  }

  append(bubble, wasAtEnd) {
    if (bubble.at - this.lastAt > APART) this.chat.append(timeNode(bubble.at));
    this.lastAt = bubble.at;
    const node = bubbleNode(bubble, this.acts);
    for (const image of node.querySelectorAll("img")) {
      image.addEventListener("load", () => { if (wasAtEnd && !this.below) this.toEnd(); });
    }
    this.chat.append(node);
  }

  // --- reading ----------------------------------------------------------------------------------

  isAtEnd() {
    return this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < NEAR;
  }

  toEnd() {
    this.chat.scrollTop = this.chat.scrollHeight;
    this.setBelow(0);
  }

  scrolled() {
    if (this.isAtEnd()) this.setBelow(0);
  }

  isLookedAt() {
    return this.node.matches(":hover") || this.node.contains(document.activeElement);
  }

  looked() {
    this.setUnread(0);
  }

  setBelow(count) {
    this.below = count;
    this.fresh.hidden = count === 0;
    this.fresh.textContent = `${count} 条新消息`;
  }

  setUnread(count) {
    this.unread = count;
    for (const badge of [this.count, this.switchCount]) {
      badge.hidden = count === 0;
      badge.textContent = String(count);
    }
    this.node.classList.toggle("phone--unread", count > 0);
  }

  // --- what the person does ---------------------------------------------------------------------

  async act(what, body) {
    this.shutParts();
    this.menu.shut();
    return phoneAct(this.openid, what, body);
  }

  async say(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    if (!(await this.act("say", { text }))) putBack(this.input, text);
    if (isFree(this.node)) this.input.focus({ preventScroll: true });
  }

  async upload(file) {
    if (!file.files.length) return;
    const form = new FormData();
    form.append("file", file.files[0]);
    file.value = "";
    await this.act("photo", form);
  }

  // What stands in the input is what was spoken, for accounts whose platform recognises speech.
  sendVoice() {
    const words = this.input.value.trim();
    this.input.value = "";
    this.act("voice", { seconds: words ? Math.max(2, Math.round(words.length / 4)) : 4, words });
  }

  sendPlace() {
    const [latitude, longitude, label] = PLACES[Math.floor(Math.random() * PLACES.length)];
    this.act("location", { latitude, longitude, label });
  }

  scan() {
    this.shutParts();
    this.scanner.show();
  }

  shutParts() {
    for (const part of [this.attached, this.sheet.node]) part.hidden = true;
  }

  toggle(part) {
    const wasAtEnd = this.isAtEnd();
    const isOpening = part.hidden;
    this.shutParts();
    part.hidden = !isOpening;
    if (wasAtEnd) this.toEnd();
  }

  enlarge() {
    const isLarge = !this.node.classList.contains("phone--large");
    for (const each of document.querySelectorAll(".phone--large")) each.classList.remove("phone--large");
    this.node.classList.toggle("phone--large", isLarge);
    if (isLarge) hint("再点一次恢复大小");
    this.node.parentElement.scrollTop = 0;
    this.toEnd();
  }

  setChosen(isChosen) {
    this.node.classList.toggle("phone--chosen", isChosen);
    this.switch.classList.toggle("switcher__one--chosen", isChosen);
    this.switch.setAttribute("aria-pressed", String(isChosen));
  }

  remove() {
    this.node.remove();
    this.switch.remove();
  }
}

function captionOf(person) {
  if (!person.follows) return "未关注";
  return { waiting: "等待人工接待", session: "人工接待中" }[person.kf.state] ?? person.caption;
}
