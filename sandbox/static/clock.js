// The platform's clock, which can be moved on: tokens, windows and media grow old at once.
// Beside it: the check of the callback, and beginning anew.

import { el, hint } from "./dom.js";
import { act } from "./server.js";

const STEPS = [["1 分钟", 60], ["10 分钟", 600], ["1 小时", 3600], ["1 天", 86400], ["3 天", 259200]];

export class ClockTab {
  title = "时钟";

  constructor() {
    this.face = el("p", { class: "clock__face", testid: "clock" });
    this.skipped = el("p", { class: "clock__skipped" });
    const steps = STEPS.map(([label, seconds]) =>
      el("button", { class: "chip", type: "button", testid: `advance-${seconds}`, text: `快进 ${label}`, onclick: () => act("POST", "/control/clock", { advance: seconds }) }));
    this.node = el("div", { class: "tab tab--clock" },
      this.face, this.skipped,
      el("div", { class: "chips" }, ...steps),
      el("p", { class: "note", text: "只拨微信这一边的钟：令牌、48 小时窗口、素材期限。服务台自己的钟不动。" }),
      el("h3", { text: "回调地址" }),
      el("p", { class: "note", text: "像在公众平台后台保存服务器配置那样，向服务台验证一次。" }),
      el("button", { class: "weui-btn weui-btn_mini weui-btn_default", type: "button", testid: "verify", text: "验证一次", onclick: () => this.verify() }),
      el("h3", { text: "从头开始" }),
      el("p", { class: "note", text: "清掉聊天、菜单、标签和记录，手机回到刚启动时的样子。服务台的工单不受影响。" }),
      el("button", { class: "weui-btn weui-btn_mini weui-btn_warn", type: "button", testid: "reset", text: "重置沙箱", onclick: () => this.reset() }));
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
    this.face.textContent = new Date(news.now * 1000).toLocaleString("zh-CN", { hour12: false });
    const hours = Math.round(news.skipped / 36) / 100;
    this.skipped.textContent = news.skipped ? `比真实时间快 ${hours} 小时` : "与真实时间一致";
  }
}
