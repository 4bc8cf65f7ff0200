// The log: every API call and every callback, newest first; a click shows what was said.

import { el } from "./dom.js";
import { act } from "./server.js";

const KEPT = 400; // lines on the page; the server keeps more

const OUTCOMES = {
  replied: "已回复",
  silent: "不回复",
  "replied again": "重复，答复相同",
  "replied differently": "重复，答复不同",
  "replied in vain": "答了也不显示",
  fault: "答复不合法",
  timeout: "超时",
  refused: "连不上",
  cut: "断开",
  gave_up: "放弃",
  dropped: "丢弃",
  to_clerk: "转给客服",
  verified: "验证通过",
  "not the echo": "验证不通过",
  close: "故障：断开",
  lost: "故障：不回话",
  html502: "故障：502",
  empty: "故障：空白",
  truncated: "故障：半截",
  errcode: "故障：错误码",
  latency: "故障：变慢",
};
const PAGES = { "/connect/oauth2/authorize": "网页授权", "/mp/subscribemsg": "一次性订阅" };
// What became of a page of the platform.
const PAGE_OUTCOMES = [
  [/^code for (.*)/, "给了 code（$1）"],
  [/^error (.*)/, "出错 $1"],
  [/^one message, scene (\d+): confirm$/, "允许一次，场景 $1"],
  [/^one message, scene (\d+): cancel$/, "不允许，场景 $1"],
];
const EXPECTED = { 46003: "还没有菜单" }; // an answer to whoever asks first, and no mistake
const FINE = new Set(["", "replied", "silent", "replied again", "replied in vain", "to_clerk", "latency", "verified"]);

export class JournalTab {
  title = "记录";

  constructor() {
    this.names = new Map();
    this.list = el("div", { class: "calls", testid: "calls" });
    this.onlyBad = el("input", { type: "checkbox", onchange: () => this.list.classList.toggle("calls--bad", this.onlyBad.checked) });
    this.count = el("span", { class: "calls__count" });
    this.total = 0;
    this.node = el("div", { class: "tab tab--journal" },
      el("div", { class: "calls__bar" }, this.count,
        el("label", { class: "calls__filter" }, this.onlyBad, " 只看出错的")),
      this.list);
  }

  update(news) {
    for (const person of news.people) this.names.set(person.openid, person.name);
    for (const line of news.journal) this.list.prepend(this.line(line));
    this.total += news.journal.length;
    while (this.list.childElementCount > KEPT) this.list.lastElementChild.remove();
    this.count.textContent = `${this.total} 次`;
  }

  forget() {
    this.list.replaceChildren();
    this.total = 0;
  }

  line(line) {
    const head = el("button", { class: "call__head", type: "button", onclick: () => this.open(node, line.id) },
      el("span", { class: `call__way call__way--${line.direction}`, text: { api: "接口", callback: "推送", note: "平台" }[line.direction] }),
      el("span", { class: "call__what", text: whatOf(line) }),
      el("span", { class: "call__end", text: endOf(line) }),
      line.words ? el("span", { class: "call__words", text: line.words }) : null,
      el("span", { class: "call__sub" },
        [timeOf(line.at), this.names.get(line.openid), `${line.ms} ms`, line.attempt > 1 ? `第 ${line.attempt} 次` : ""].filter(Boolean).join(" · ")));
    const node = el("div", { class: `call${isBad(line) ? " call--bad" : ""}`, testid: "call", data: { errcode: line.errcode ?? "", outcome: line.outcome, path: line.path } }, head);
    return node;
  }

  async open(node, id) {
    const shown = node.querySelector(".call__body");
    if (shown) { shown.remove(); return; }
    const entry = await act("GET", `/control/journal/${id}`);
    if (!entry) return;
    node.append(el("div", { class: "call__body" },
      el("div", { class: "call__label", text: `${entry.method} ${entry.path}` }),
      entry.request ? el("pre", { text: inLines(entry.request) }) : null,
      el("div", { class: "call__label", text: entry.status ? `HTTP ${entry.status}` : "没有收到答复" }),
      entry.answer ? el("pre", { text: inLines(entry.answer) }) : null));
  }
}

function isBad(line) {
  if (line.path in PAGES) return line.outcome.startsWith("error");
  return (line.errcode && !EXPECTED[line.errcode]) || !FINE.has(line.outcome);
}

function whatOf(line) {
  if (line.path in PAGES) return PAGES[line.path];
  const what = line.direction === "api" ? [line.path.replace(/^\/cgi-bin/, ""), line.what] : [line.what];
  return what.filter(Boolean).join(" ");
}

function endOf(line) {
  const [page, words] = PAGE_OUTCOMES.find(([pattern]) => pattern.test(line.outcome)) ?? [];
  if (page) return line.outcome.replace(page, words);
  if (line.outcome) return OUTCOMES[line.outcome] ?? line.outcome;
  if (line.errcode) return EXPECTED[line.errcode] ?? String(line.errcode);
  return line.status === 200 ? "成功" : String(line.status ?? "");
}

const timeOf = (at) => new Date(at * 1000).toLocaleTimeString("zh-CN", { hour12: false });

// XML with each element on a line of its own.
const inLines = (text) => text.replace(/(<\/\w+>)(?=<)/g, "$1\n").replace(/^<xml>(?=<)/, "<xml>\n");
