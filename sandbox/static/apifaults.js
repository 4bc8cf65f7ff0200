// What goes wrong when the product calls the platform: which call, how, and how often.

import { el, icon } from "./dom.js";
import { KINDS, NUMBERS, PATHS, nameOf } from "./paths.js";

const OUTAGE = { path: "*", kind: "close", times: null };
const isOutage = (fault) => fault.path === "*" && fault.kind === "close" && fault.times === null;

export class ApiFaults {
  // `change(how)` puts how(faults) in the place of the faults that there are by now.
  constructor(change) {
    this.change = change;
    this.faults = [];
    this.list = el("div", { class: "active", testid: "faults" });
    this.outage = el("button", { class: "outage", type: "button", testid: "outage", onclick: () => this.toggleOutage() });
    this.node = el("div", {}, this.outage, this.list, this.buildForm());
    this.suit();
  }

  // --- a new fault ------------------------------------------------------------------------------

  buildForm() {
    const groups = PATHS.map(([label, rows]) =>
      el("optgroup", { label }, ...rows.map(([value, name]) => el("option", { value, title: value, text: value === "*" ? name : `${name} ${shortly(value)}` }))));
    this.path = el("select", { testid: "fault-path", "aria-label": "接口" }, ...groups);
    this.kind = el("select", { testid: "fault-kind", "aria-label": "怎么坏", onchange: () => this.suit() }, ...KINDS.map(option));
    this.number = el("select", { testid: "fault-number", "aria-label": "常见错误码", onchange: () => this.suit() },
      ...NUMBERS.map(([value, words]) => option([value, `${value} ${words}`])), option(["other", "其他…"]));
    this.other = el("input", { type: "number", testid: "fault-errcode", "aria-label": "错误码", placeholder: "错误码", step: 1 });
    this.seconds = el("input", { type: "number", testid: "fault-seconds", "aria-label": "慢几秒", min: 0.1, max: 60, step: 0.1, value: 6 });
    this.often = el("select", { testid: "fault-often", "aria-label": "几次", onchange: () => this.suit() },
      ...[["once", "下一次"], ["times", "接下来 n 次"], ["always", "一直"]].map(option));
    this.times = el("input", { type: "number", testid: "fault-times", "aria-label": "次数", min: 1, max: 999, step: 1, value: 3 });
    this.secondsRow = row("慢几秒", this.seconds);
    this.numberRow = row("错误码", this.number, this.other);
    return el("form", { class: "fault", onsubmit: (event) => { event.preventDefault(); this.add(this.wanted()); } },
      row("接口", this.path), row("怎么坏", this.kind), this.numberRow, this.secondsRow, row("几次", this.often, this.times),
      el("button", { class: "weui-btn weui-btn_mini weui-btn_primary", type: "submit", testid: "fault-add", text: "加上这个故障" }));
  }

  suit() {
    this.numberRow.hidden = this.kind.value !== "errcode";
    this.other.hidden = this.number.value !== "other";
    this.secondsRow.hidden = this.kind.value !== "latency";
    this.times.hidden = this.often.value !== "times";
  }

  wanted() {
    const fault = { path: this.path.value, kind: this.kind.value, times: { once: 1, always: null, times: Number(this.times.value) }[this.often.value] };
    if (fault.kind === "latency") return { ...fault, seconds: Number(this.seconds.value) };
    if (fault.kind !== "errcode") return fault;
    const errcode = Number(this.number.value === "other" ? this.other.value : this.number.value);
    return { ...fault, errcode, errmsg: NUMBERS.find(([value]) => value === errcode)?.[2] ?? "" };
  }

  // --- the list ---------------------------------------------------------------------------------

  // The newest counts first where two are meant for one call; what is used up makes room.
  add(fault) {
    this.change((faults) => [fault, ...faults.filter((each) => each.times !== 0)]);
  }

  toggleOutage() {
    const isOut = this.faults.some(isOutage);
    this.change((faults) => {
      const others = faults.filter((fault) => !isOutage(fault));
      return isOut ? others : [OUTAGE, ...others];
    });
  }

  shown(faults) {
    this.faults = faults;
    const isOut = faults.some(isOutage);
    this.outage.textContent = isOut ? "恢复微信接口" : "微信接口全断";
    this.outage.classList.toggle("outage--on", isOut);
    this.outage.setAttribute("aria-pressed", String(isOut));
    this.list.replaceChildren(...faults.map((fault) => this.line(fault)));
  }

  line(fault) {
    const isOver = fault.times === 0;
    const drop = () => this.change((faults) => {
      const gone = faults.find((each) => isSame(each, fault));
      return faults.filter((each) => each !== gone);
    });
    return el("div", { class: `active__one${isOver ? " active__one--over" : ""}`, testid: "fault", data: { path: fault.path, kind: fault.kind } },
      el("span", { class: "active__what", text: `${nameOf(fault.path)}：${howOf(fault)}` }),
      el("span", { class: "active__count", text: countOf(fault) }),
      el("button", { class: "active__drop", type: "button", testid: "fault-remove", title: "去掉", "aria-label": "去掉", onclick: drop }, icon("cross")));
  }
}

// However often either struck meanwhile.
const isSame = (one, other) =>
  ["path", "kind", "errcode", "seconds"].every((name) => one[name] === other[name]) && (one.times === null) === (other.times === null);

const option = ([value, text]) => el("option", { value, text });

const row = (label, ...inputs) =>
  el("label", { class: "fault__row" }, el("span", { text: label }), el("span", { class: "fault__inputs" }, ...inputs));

const shortly = (path) => path.replace(/^\/(cgi-bin|customservice)\//, "");

function howOf(fault) {
  if (fault.kind === "errcode") {
    const known = NUMBERS.find(([value]) => value === fault.errcode);
    return `错误码 ${fault.errcode}${known ? ` ${known[1]}` : ""}`;
  }
  if (fault.kind === "latency") return `慢 ${fault.seconds} 秒`;
  return KINDS.find(([value]) => value === fault.kind)?.[1] ?? fault.kind;
}

function countOf(fault) {
  const spent = fault.spent ? `已发生 ${fault.spent} 次` : "还没发生";
  if (fault.times === 0) return fault.spent ? `${spent}，用完了` : "用完了";
  return fault.times === null ? `一直，${spent}` : `还有 ${fault.times} 次，${spent}`;
}
