// The platform's clock, which can be moved on or run fast: tokens, windows and media grow old.
// Beside it: the check of the callback, and beginning anew.

import { el, hint } from "./dom.js";
import { act } from "./server.js";

const STEPS = [["1 分钟", 60], ["10 分钟", 600], ["1 小时", 3600], ["1 天", 86400], ["3 天", 259200]];
const SPEEDS = [["正常", 1], ["10 倍", 10], ["60 倍", 60], ["600 倍", 600]];

export class ClockTab {
  title = "时钟";

  constructor() {
    this.face = el("p", { class: "clock__face", testid: "clock" });
    this.skipped = el("p", { class: "clock__skipped" });
    this.known = { now: 0, skipped: 0, speed: 1, at: 0 };
    this.speeds = SPEEDS.map(([label, speed]) =>
      el("button", { class: "chip", type: "button", testid: `speed-${speed}`, text: label, data: { speed }, onclick: () => this.change({ speed }) }));
    const steps = STEPS.map(([label, seconds]) =>
      el("button", { class: "chip", type: "button", testid: `advance-${seconds}`, text: `快进 ${label}`, onclick: () => this.change({ advance: seconds }) }));
    this.node = el("div", { class: "tab tab--clock" },
      this.face, this.skipped,
      el("div", { class: "chips" }, ...steps),
      el("h3", { text: "走得多快" }),
      el("div", { class: "chips" }, ...this.speeds),
      el("p", { class: "note", text: "只拨微信这一边的钟：令牌、48 小时窗口、素材期限。服务台自己的钟不动。" }),
      el("h3", { text: "回调地址" }),
      el("p", { class: "note", text: "像在公众平台后台保存服务器配置那样，向服务台验证一次。" }),
      el("button", { class: "weui-btn weui-btn_mini weui-btn_default", type: "button", testid: "verify", text: "验证一次", onclick: () => this.verify() }),
      el("h3", { text: "从头开始" }),
      el("p", { class: "note", text: "清掉聊天、菜单、标签和记录，手机回到刚启动时的样子。服务台的工单不受影响。" }),
      el("button", { class: "weui-btn weui-btn_mini weui-btn_warn", type: "button", testid: "reset", text: "重置沙箱", onclick: () => this.reset() }));
    setInterval(() => this.tick(), 250);
  }

  async opened() {
    this.take(await act("GET", "/control/clock"));
  }

  async change(how) {
    this.take(await act("POST", "/control/clock", how));
  }

  async verify() {
    const answer = await act("POST", "/control/verify");
    if (answer) hint(answer.verified ? "验证通过" : `没有通过：${answer.why}`);
  }

  async reset() {
    if (!window.confirm("清掉沙箱里的聊天和菜单吗?")) return;
    if (await act("POST", "/control/reset")) hint("已重置");
  }

  update(news) {
    this.take({ now: news.now, skipped: news.skipped, ...(news.speed ? { speed: news.speed } : {}) });
  }

  take(told) {
    if (!told) return;
    this.known = { ...this.known, ...told, at: Date.now() };
    for (const chip of this.speeds) {
      chip.setAttribute("aria-pressed", String(Number(chip.dataset.speed) === this.known.speed));
    }
    this.tick();
  }

  // Between two pieces of news the face goes on by itself, at the speed that was told.
  tick() {
    if (this.node.hidden) return;
    const { now, skipped, speed, at } = this.known;
    const passed = (Date.now() - at) / 1000;
    this.face.textContent = new Date((now + passed * speed) * 1000).toLocaleString("zh-CN", { hour12: false });
    const ahead = skipped + passed * (speed - 1);
    this.skipped.textContent = [aheadWords(ahead), speed === 1 ? "" : `正以 ${speed} 倍走`].filter(Boolean).join("，");
  }
}

function aheadWords(seconds) {
  if (Math.abs(seconds) < 1) return "与真实时间一致";
  if (seconds < 3600) return `比真实时间快 ${Math.round(seconds / 6) / 10} 分钟`;
  return `比真实时间快 ${Math.round(seconds / 36) / 100} 小时`;
}
