// The page of the sandbox: a wall of phones, and a panel with the log and the controls.
//
// Marks for browser tests, all of them data-testid:
//   phone-<openid>      one phone; inside it:
//     chat              the bubbles, oldest first; each is a `bubble` with data-id, data-from
//                       (person, account, notice) and data-kind (text, msgmenu, image, …)
//     line-<content>    a tappable line in a bubble; the same words may stand in several bubbles
//     input, send       the words to be sent, and the button that sends them (Enter does, too)
//     attach            opens: photo, photo-file, voice, video, location
//     menu-top-<n>      a button of the menu bar, n from 1
//     menu-<key>        a button that sends this key; below a menu-top-<n> it shows once that is open
//     unread            how many messages nobody has looked at; new: "n 条新消息", when scrolled up
//     more              opens: follow, unfollow, scan, block, menu-fresh
//   switch-<openid>     chooses a phone on a narrow page
//   panel-toggle        opens and shuts the panel; its tabs: tab-journal, tab-faults, tab-clock,
//                       tab-desk; in the log each line is a `call` with data-errcode, data-outcome
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
  state.textContent = "已连接";
  state.classList.remove("top__state--lost");
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
const viewer = document.querySelector(".viewer");
viewer.addEventListener("click", () => { viewer.hidden = true; });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") viewer.hidden = true;
});
window.addEventListener("unhandledrejection", (event) => hint(String(event.reason?.message ?? "")));

follow(tell, lost);
