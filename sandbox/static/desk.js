// The customer-service client: the clerks, who waits, and whom the chosen clerk serves.

import { el } from "./dom.js";
import { Queue } from "./queue.js";
import { act } from "./server.js";
import { Talk } from "./talk.js";

const REMEMBERED = 60; // bubbles of one person

export class DeskTab {
  title = "接待";

  constructor() {
    this.said = new Map();
    this.talks = new Map();
    this.chosen = "";
    this.current = "";
    this.accepted = ""; // whom to turn to once the session has begun
    this.shown = new Map();
    this.clerks = el("div", { class: "clerks" });
    this.queue = new Queue((openid) => { this.accepted = openid; });
    this.sessions = el("div", { class: "sessions", role: "tablist", "aria-label": "会话" });
    this.place = el("div", { class: "desk__talk" });
    this.node = el("div", { class: "tab tab--desk" }, this.clerks, this.queue.node, this.sessions, this.place);
  }

  forget() {
    this.said.clear();
    this.talks.clear();
    this.shown.clear();
    this.news = null;
    this.current = "";
  }

  // --- what comes -------------------------------------------------------------------------------

  update(news) {
    const isFirst = !this.news;
    this.news = news;
    this.people = new Map(news.people.map((person) => [person.openid, person]));
    this.queue.setClock(news);
    if (!news.clerks.some((clerk) => clerk.account === this.chosen)) this.chosen = news.clerks[0]?.account ?? "";
    this.hear(news.bubbles);
    this.seat(isFirst);
    this.draw();
  }

  hear(bubbles) {
    for (const bubble of bubbles) {
      this.said.set(bubble.openid, [...(this.said.get(bubble.openid) ?? []), bubble].slice(-REMEMBERED));
      this.talks.get(bubble.openid)?.hear(bubble);
    }
  }

  // One talk for each session; those that ended are put away.
  seat(isFirst) {
    for (const person of this.news.people) {
      const isServed = person.kf.state === "session";
      if (!isServed) this.talks.delete(person.openid);
      else if (!this.talks.has(person.openid)) {
        this.talks.set(person.openid, new Talk(person, this.said.get(person.openid) ?? [], !isFirst));
      }
    }
    for (const [openid, talk] of this.talks) talk.update(this.people.get(openid), this.news.clerks);
    const mine = this.served(this.chosen).map((person) => person.openid);
    if (mine.includes(this.accepted)) [this.current, this.accepted] = [this.accepted, ""];
    if (!mine.includes(this.current)) this.current = mine[0] ?? "";
  }

  served(account) {
    return this.news.people.filter((person) => person.kf.state === "session" && person.kf.account === account);
  }

  // --- drawing ----------------------------------------------------------------------------------

  draw() {
    const clerk = this.news.clerks.find((each) => each.account === this.chosen);
    const waiting = this.news.waiting.map((openid) => this.people.get(openid));
    const mine = this.served(this.chosen);
    this.showTalk();
    const unread = mine.map((person) => this.talks.get(person.openid).unread);
    const lasts = new Map([...waiting, ...mine].map((person) => [person.openid, this.lastWords(person.openid)]));
    const counts = this.news.clerks.map((each) => this.served(each.account).length);
    this.redraw("clerks", this.clerks, [this.news.clerks, this.chosen, counts], () => this.clerkNodes());
    this.redraw("queue", this.queue.node, [waiting.map(known), clerk, [...lasts]], () => this.queue.nodes(clerk, waiting, lasts, this.news.clerks));
    this.redraw("sessions", this.sessions, [mine.map(known), clerk, this.current, unread, [...lasts]], () => this.sessionNodes(clerk, mine));
  }

  redraw(name, place, facts, nodes) {
    const wanted = JSON.stringify(facts);
    if (this.shown.get(name) === wanted) return;
    this.shown.set(name, wanted);
    place.replaceChildren(...nodes());
  }

  clerkNodes() {
    return this.news.clerks.map((clerk) => this.clerkNode(clerk));
  }

  clerkNode(clerk) {
    const set = (changes) => act("POST", `/control/kf/${clerk.account}/online`, {
      is_online: clerk.is_online, takes_automatically: clerk.takes_automatically, room: clerk.room, ...changes,
    });
    const isChosen = clerk.account === this.chosen;
    return el("div", { class: `clerk${isChosen ? " clerk--chosen" : ""}${clerk.is_online ? " clerk--online" : ""}`, testid: `clerk-${clerk.account}` },
      el("button", { class: "clerk__head", type: "button", testid: `sit-${clerk.account}`, "aria-pressed": String(isChosen), onclick: () => this.sit(clerk.account) },
        el("b", { text: clerk.nickname }),
        el("span", { class: "clerk__account", text: clerk.account }),
        el("span", { class: "clerk__load", text: `${this.served(clerk.account).length}/${clerk.room}` })),
      checkbox("在线", clerk.is_online, "clerk-online", (is_online) => set({ is_online })),
      checkbox("自动接入", clerk.takes_automatically, "clerk-auto", (takes_automatically) => set({ takes_automatically })));
  }

  sessionNodes(clerk, mine) {
    if (!clerk) return [];
    const words = mine.length ? `${clerk.nickname}正在接待 ${mine.length} 位` : `${clerk.nickname}${clerk.is_online ? "现在空着" : "没有上线"}`;
    return [el("h3", { class: "sessions__title", text: words }), ...mine.map((person) => this.session(person))];
  }

  session(person) {
    const isCurrent = person.openid === this.current;
    const unread = this.talks.get(person.openid).unread;
    return el("button", { class: "session", type: "button", role: "tab", "aria-selected": String(isCurrent), testid: `session-${person.openid}`, onclick: () => this.turnTo(person.openid) },
      el("b", { text: person.name }),
      el("span", { class: "session__words", text: this.lastWords(person.openid) }),
      unread ? el("span", { class: "weui-badge", text: String(unread) }) : null);
  }

  showTalk() {
    const talk = this.talks.get(this.current);
    if (!talk) this.place.replaceChildren();
    else if (this.place.firstChild !== talk.node) {
      this.place.replaceChildren(talk.node);
      talk.toEnd();
    }
    talk?.looked();
  }

  // --- what the clerk does ----------------------------------------------------------------------

  opened() {
    if (!this.news) return;
    this.draw();
    this.talks.get(this.current)?.toEnd();
  }

  sit(account) {
    this.chosen = account;
    this.current = this.served(account)[0]?.openid ?? "";
    this.draw();
  }

  turnTo(openid) {
    this.current = openid;
    this.draw();
    this.talks.get(openid)?.focus();
  }

  lastWords(openid) {
    const last = (this.said.get(openid) ?? []).findLast((bubble) => bubble.from === "person");
    return last ? (KINDS[last.kind] ?? last.text) : "";
  }
}

const KINDS = { image: "[图片]", voice: "[语音]", video: "[视频]", location: "[位置]" };

// What of a person is drawn in a list.
const known = ({ openid, name, caption, remark, kf }) => [openid, name, caption, remark, kf.state, kf.account, kf.since];

function checkbox(label, isOn, testid, change) {
  const box = el("input", { type: "checkbox", class: "weui-switch", testid, onchange: () => change(box.checked) });
  box.checked = isOn;
  return el("label", { class: "clerk__switch" }, el("span", { text: label }), box);
}
