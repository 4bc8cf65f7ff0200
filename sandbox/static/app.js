// The page of the sandbox: a wall of phones, and a panel with the log and the controls.
//
// Marks for browser tests, all of them data-testid:
//   phone-<openid>      one phone; inside it:
//     chat              the bubbles, oldest first; each is a `bubble` with data-id, data-from
//                       (person, account, notice) and data-kind (text, msgmenu, image, …)
//     line-<content>    a tappable line in a bubble; the same words may stand in several bubbles
//     card, link        a card or a link in a bubble; it opens a window, as menu views do
//     play              a voice or a film in a bubble; a touch plays it
//     input, send       the words to be sent, and the button that sends them (Enter does, too)
//     attach            opens: photo, photo-file, voice, video, location, code
//     menu-top-<n>      a button of the menu bar, n from 1
//     menu-<key>        a button that sends this key; below a menu-top-<n> it shows once that is open
//     unread            how many messages nobody has looked at; new: "n 条新消息", when scrolled up
//     more              opens: follow, unfollow, scan, block, menu-fresh, notices-open, snapshot,
//                       revoke; marks: what is unusual about this person
//     scanner           扫一扫: scan-file, scan-paste, code-<scene>, scan-words and scan-send,
//                       scan-state says what came of it, scan-shut
//     notices           通知管理: allow-<template id>, refuse-<template id>, notices-shut
//   open-blocked        the link in the hint when the browser refuses a phone's window
//   viewer              a photo or a film over the whole page
//   switch-<openid>     chooses a phone on a narrow page
//   panel-toggle        opens and shuts the panel; its tabs:
//     tab-journal       each line is a `call` with data-errcode, data-outcome
//     tab-faults        outage; fault-path, -kind, -number, -errcode, -seconds, -often, -times, and
//                       fault-add; faults: each a `fault` with data-path, data-kind, fault-remove;
//                       calm; rule-<name>
//     tab-clock         clock; advance-<seconds>, speed-<times>; verify, reset
//     tab-tape          tape-count, -start, -save; -load (a file), -speed, -play, -stop, -progress
//     tab-desk          clerk-<account> with sit-<account>, clerk-online, clerk-auto;
//                       waiter-<openid> with waits, remark, accept-<openid>; session-<openid>;
//                       talk-<openid> with remark, switch-to-<openid>, close-<openid>,
//                       clerk-input-<openid>, clerk-send-<openid>
//   state               「已连接」 once the first feed has come

import { hint } from "./dom.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";
import { follow } from "./server.js";

const wall = document.querySelector(".wall");
const switcher = document.querySelector(".switcher");
const state = document.querySelector(".top__state");
const panel = new Panel(document.querySelector(".panel"));
const phones = new Map();

function choose(openid) {
  for (const [each, phone] of phones) phone.setChosen(each === openid);
}

function tell(news, isAnew) {
  if (isAnew) {
    for (const phone of phones.values()) phone.remove();
    phones.clear();
    panel.forget();
  }
  for (const person of news.people) {
    if (!phones.has(person.openid)) add(person);
    phones.get(person.openid).update(person);
  }
  for (const phone of phones.values()) {
    phone.show(news.bubbles.filter((bubble) => bubble.openid === phone.openid), isAnew);
  }
  panel.update(news, phones);
  document.querySelector(".top__account").textContent = news.account;
  link(news.links ?? []);
  state.textContent = "已连接";
  state.classList.remove("top__state--lost");
}

function link(links) {
  const place = document.querySelector(".top__links");
  if (place.childElementCount === links.length) return;
  place.replaceChildren(
    ...links.map(({ words, url }) => {
      const way = document.createElement("a");
      Object.assign(way, { textContent: words, href: url, target: "_blank", rel: "noopener" });
      return way;
    }),
  );
}

function add(person) {
  const phone = new Phone(person, choose);
  phones.set(person.openid, phone);
  wall.append(phone.node);
  switcher.append(phone.switch);
  if (phones.size === 1) choose(person.openid);
}

function lost() {
  state.textContent = "连不上沙箱，正在重试";
  state.classList.add("top__state--lost");
}

document.querySelector(".top__panel").addEventListener("click", () => panel.toggle());
window.addEventListener("unhandledrejection", (event) => hint(String(event.reason?.message ?? "")));

follow(tell, lost);
