// 更多 of one phone: its windows, its menu, and how it stands with the account.

import { el } from "./dom.js";

export class Sheet {
  // `show` has what is opened from here: scan, notices, and the menu pulled anew.
  constructor(phoneAct, show) {
    this.person = null;
    this.window = el("p", { class: "sheet__window" });
    this.marks = el("p", { class: "sheet__marks", testid: "marks" });
    this.follow = button("", undefined, () => phoneAct(this.person.follows ? "unfollow" : "follow"));
    this.block = button("", "block", () => phoneAct("block", { is_blocking: !this.person.is_blocking }));
    this.snapshot = button("", "snapshot", () => phoneAct("snapshot", { is_snapshotuser: !this.person.is_snapshotuser }));
    this.node = el("div", { class: "sheet", hidden: true },
      this.window,
      this.marks,
      el("div", { class: "sheet__row" },
        button("扫一扫", "scan", show.scan),
        button("刷新菜单", "menu-fresh", show.menu),
        this.follow),
      el("div", { class: "sheet__row" },
        button("通知管理", "notices-open", show.notices),
        this.block),
      el("div", { class: "sheet__row" },
        this.snapshot,
        button("收回网页授权", "revoke", () => phoneAct("revoke"))));
  }

  update(person) {
    this.person = person;
    this.follow.textContent = person.follows ? "取消关注" : "关注";
    this.follow.dataset.testid = person.follows ? "unfollow" : "follow";
    this.block.textContent = person.is_blocking ? "接收消息" : "拒收消息";
    this.snapshot.textContent = person.is_snapshotuser ? "正常打开网页" : "网页用快照页";
    this.window.textContent = windowWords(person);
    this.marks.textContent = marksOf(person).join(" · ");
    this.marks.hidden = !this.marks.textContent;
  }
}

const button = (text, testid, onclick) =>
  el("button", { class: "sheet__button", type: "button", testid, text, onclick });

function marksOf(person) {
  return [
    person.is_blocking && "已关掉接收消息",
    person.is_blacklisted && "被公众号拉黑",
    person.is_snapshotuser && "网页以快照页打开",
    person.remark && `备注 ${person.remark}`,
  ].filter(Boolean);
}

const ACTS = { message: "发消息", click: "点菜单", follow: "关注", scan: "扫码" };

// How many customer messages the account may still send, as the platform counts them.
function windowWords(person) {
  const rows = Object.entries(person.windows).map(([name, row]) => {
    const hours = row.seconds >= 3600 ? `${Math.floor(row.seconds / 3600)} 小时` : `${row.seconds} 秒`;
    return `${ACTS[name]}后剩 ${row.left} 条（${hours}内）`;
  });
  return rows.length ? `客服消息：${rows.join("，")}` : "客服消息：窗口已关，只能收模板消息";
}
