// Opens a page as inside WeChat: in a window of a phone's size that belongs to one phone.

import { el, hint } from "./dom.js";

const WIDTH = 400;
const HEIGHT = 760;

const windows = new Map(); // a phone shows one page at a time

export function openInside(openid, address, beside) {
  windows.get(openid)?.close();
  const shown = window.open(addressInside(openid, address), "_blank", features(beside));
  if (shown) windows.set(openid, shown);
  else sayHow(openid, address);
}

const addressInside = (openid, address) =>
  `/static/webview.html#${new URLSearchParams({ phone: openid, to: address })}`;

function features(beside) {
  const box = beside?.getBoundingClientRect();
  const left = Math.round(window.screenX + (box ? Math.max(0, box.right - WIDTH) : 80));
  return `popup=yes,width=${WIDTH},height=${HEIGHT},left=${left},top=${Math.round(window.screenY + 70)}`;
}

function sayHow(openid, address) {
  hint("浏览器拦下了手机的窗口。", el("a", {
    class: "hint__link", testid: "open-blocked", href: addressInside(openid, address), target: "_blank", rel: "noreferrer", text: "在新标签页里打开",
  }));
}
