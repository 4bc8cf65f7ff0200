// The window in which a phone opens pages: it notes whose phone it is, then goes to the page.
//
//   /static/webview.html#phone=<openid>&to=<address>
//
// The authorize page of the sandbox reads sessionStorage.phone. A page on localhost is reached as
// p1.localhost, p2.localhost, …: phones share this browser, but must not share their cookies.

import { send } from "./server.js";

const asked = new URLSearchParams(location.hash.slice(1));

function fail(words) {
  document.querySelector(".opening").classList.add("opening--failed");
  document.querySelector(".opening__words").textContent = words;
}

const isHere = (url) => /^(localhost|.+\.localhost|127\.0\.0\.1)$/.test(url.hostname);

function ownAddress(url, host) {
  if (url.hostname === "localhost" && host) url.hostname = `${host}.localhost`;
  return url.href;
}

async function open(openid, address) {
  if (!/^https?:\/\//.test(address)) return fail("这不是网页的地址");
  document.querySelector(".opening__where").textContent = address;
  const { people } = await send("GET", "/phone/people");
  const place = people.findIndex((each) => each.openid === openid);
  if (place < 0) return fail("没有这部手机");
  document.title = `${people[place].name}的手机`;
  sessionStorage.phone = openid;
  const url = new URL(address);
  if (!isHere(url)) window.opener = null; // a page of others must not steer the wall of phones
  location.replace(ownAddress(url, people[place].host ?? `p${place + 1}`));
}

open(asked.get("phone") ?? "", asked.get("to") ?? "").catch(() => fail("连不上沙箱"));
