// What can be made to go wrong: presets by one click, and the numbers behind them.

import { ApiFaults } from "./apifaults.js";
import { el } from "./dom.js";
import { act } from "./server.js";

const SEND = "/cgi-bin/message/custom/send";

const PUSHES = [
  ["每条推三遍", { copies: 3 }],
  ["乱序", { reorder_window: 2 }],
  ["丢三成", { drop: 0.3 }],
  ["晚到 6 秒", { delay: 6 }],
  ["只等 1 秒", { time_limit: 1 }],
];
const CALLS = [
  ["都慢 2 秒", { api_latency: 2 }],
  ["客服消息额度用完", { quotas: { [SEND]: 0 } }],
];
const NUMBERS = [
  ["copies", "推送份数", 1, 20, 1],
  ["reorder_window", "乱序窗口（秒）", 0, 60, 0.5],
  ["drop", "丢失比例", 0, 1, 0.1],
  ["delay", "推送延迟（秒）", 0, 60, 0.5],
  ["time_limit", "等答复（秒）", 0.1, 60, 0.5],
  ["api_latency", "接口延迟（秒）", 0, 60, 0.5],
];
const RECOGNITION = [["empty", "有字段，没有字"], ["text", "输入框里的字"], ["off", "没有字段"]];
const CALM = {
  copies: 1, reorder_window: 0, drop: 0, delay: 0, time_limit: 5, api_latency: 0, api_faults: [], quotas: {}, minute_quotas: {},
};

export class FaultsTab {
  title = "故障";

  constructor() {
    this.inputs = {};
    this.active = el("p", { class: "faults__active" });
    const numbers = NUMBERS.map(([name, label, min, max, step]) => {
      const input = el("input", { type: "number", min, max, step, testid: `rule-${name}`, onchange: () => this.change({ [name]: Number(input.value) }) });
      this.inputs[name] = input;
      return el("label", { class: "faults__number" }, el("span", { text: label }), input);
    });
    this.recognition = el("select", { testid: "rule-recognition", onchange: () => this.change({ recognition: this.recognition.value }) },
      ...RECOGNITION.map(([value, text]) => el("option", { value, text })));
    this.apiFaults = new ApiFaults((how) => this.changeFaults(how));
    this.node = el("div", { class: "tab tab--faults" },
      this.active,
      el("button", { class: "weui-btn weui-btn_mini weui-btn_primary", type: "button", testid: "calm", text: "全部恢复正常", onclick: () => this.change(CALM) }),
      el("h3", { text: "服务台调微信接口时" }), this.apiFaults.node, this.chips(CALLS),
      el("h3", { text: "微信推给服务台时" }), this.chips(PUSHES),
      el("h3", { text: "细调" }), ...numbers,
      el("label", { class: "faults__number" }, el("span", { text: "语音识别" }), this.recognition));
  }

  chips(presets) {
    return el("div", { class: "chips" }, ...presets.map(([label, rules]) =>
      el("button", { class: "chip", type: "button", text: label, onclick: () => this.change(rules) })));
  }

  async change(rules) {
    this.shown(await act("PATCH", "/control/rules", rules));
  }

  async changeFaults(how) {
    const rules = await act("GET", "/control/rules");
    if (rules) await this.change({ api_faults: how(rules.api_faults) });
  }

  async opened() {
    this.shown(await act("GET", "/control/rules"));
  }

  shown(rules) {
    if (!rules) return;
    for (const [name, input] of Object.entries(this.inputs)) input.value = rules[name];
    this.recognition.value = rules.recognition;
    this.apiFaults.shown(rules.api_faults);
    const faults = rules.api_faults.filter((fault) => fault.times !== 0).length;
    const changed = NUMBERS.filter(([name]) => rules[name] !== CALM[name]).map(([name, label]) => `${label} ${rules[name]}`);
    if (faults) changed.push(`接口故障 ${faults} 项`);
    if (Object.keys(rules.quotas).length) changed.push("额度受限");
    this.active.textContent = changed.length ? `正在：${changed.join("，")}` : "一切正常，没有故障";
    this.active.classList.toggle("faults__active--on", changed.length > 0);
  }

  // How many were spent shows while one looks.
  async update(news) {
    if (this.node.hidden || this.isAsking || !this.apiFaults.faults.length || !news.journal.length) return;
    this.isAsking = true;
    const rules = await act("GET", "/control/rules");
    this.isAsking = false;
    if (rules) this.apiFaults.shown(rules.api_faults);
  }
}
