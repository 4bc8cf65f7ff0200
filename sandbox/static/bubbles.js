// Draws what a phone shows: one function for each kind of bubble.
//
// `acts` says what a touch does: `tap(content, id)` for a line, `open(address)` for a link or a
// card. Where nobody may touch (the desk looks on) it is left out, and lines and links are words.

import { el, icon } from "./dom.js";
import { showFilm, showPicture } from "./viewer.js";
import { playVoice } from "./voices.js";

export function bubbleNode(bubble, acts = {}) {
  const data = { id: bubble.id, from: bubble.from, kind: bubble.kind };
  if (bubble.from === "notice") {
    return el("div", { class: "notice", testid: "bubble", data, text: bubble.text });
  }
  const draw = DRAWINGS[bubble.kind] ?? text;
  const isBare = ["image", "video", "template", "location", "news"].includes(bubble.kind);
  const body = el("div", { class: `bubble bubble--${bubble.kind}${isBare ? " bubble--bare" : ""}` });
  body.append(...draw(bubble, acts));
  const clerk = bubble.clerk ? el("div", { class: "row__clerk", text: bubble.clerk }) : null;
  return el(
    "div",
    { class: `row row--${bubble.from}`, testid: "bubble", data },
    el("div", { class: "row__face", "aria-hidden": "true" }),
    el("div", { class: "row__said" }, clerk, body),
  );
}

const DRAWINGS = { msgmenu, image, voice, video, location, news, template };

function text(bubble, acts) {
  let lines = 0;
  return (bubble.parts ?? []).map((part) => {
    if (part.kind === "line") return lineNode(bubble.lines[lines++], part.text, acts);
    return plainNode(part, acts);
  });
}

function plainNode(part, acts) {
  if (part.kind !== "link") return document.createTextNode(part.text);
  return linkNode(part.href, { class: "link", testid: "link", text: part.text }, acts);
}

function linkNode(address, options, acts, ...children) {
  if (!acts.open || !/^https?:\/\//.test(address ?? "")) return el("span", options, ...children);
  const open = (event) => { event.preventDefault(); acts.open(address); };
  return el("a", { ...options, href: address, rel: "noreferrer", onclick: open }, ...children);
}

function lineNode(line, label, acts) {
  const words = label.replace(/^〔(.*)〕$/, "$1");
  if (!acts.tap) return el("span", { class: "line line--still", text: words });
  return el("button", {
    class: "line",
    type: "button",
    testid: `line-${line.content}`,
    text: words,
    onclick: () => acts.tap(line.content, line.id),
  });
}

function msgmenu(bubble, acts) {
  const lines = bubble.lines.map((line) => lineNode(line, line.content, acts));
  return [
    bubble.text ? el("div", { class: "menu-head" }, ...(bubble.parts ?? []).map((part) => plainNode(part, acts))) : null,
    el("div", { class: "menu-lines" }, ...lines),
    bubble.tail ? el("div", { class: "menu-tail", text: bubble.tail }) : null,
  ].filter(Boolean);
}

function image(bubble) {
  return [picture(`/media/${bubble.media_id}`)];
}

const picture = (address) =>
  el("img", { class: "picture", src: address, alt: "照片", onclick: () => showPicture(address) });

function voice(bubble) {
  const seconds = bubble.seconds ?? 1;
  const bar = el("button", { class: "voice", type: "button", testid: "play", title: "播放" }, icon("wave"), el("span", { text: `${seconds}″` }));
  bar.addEventListener("click", () => playVoice(`/media/${bubble.media_id}`, bar));
  bar.style.minWidth = `${52 + Math.min(seconds, 30) * 4}px`;
  return [bar];
}

function video(bubble) {
  const still = bubble.picture ? el("img", { class: "picture", src: bubble.picture, alt: "视频" }) : null;
  return [el("button", { class: "film", type: "button", testid: "play", title: "播放", onclick: () => showFilm(`/media/${bubble.media_id}`) }, still, icon("play"))];
}

function location(bubble) {
  const where = `${bubble.latitude.toFixed(4)}, ${bubble.longitude.toFixed(4)}`;
  return [
    el("div", { class: "place" },
      el("div", { class: "place__name", text: bubble.text || "位置" }),
      el("div", { class: "place__where", text: where }),
      el("div", { class: "place__map" }, icon("location"))),
  ];
}

function news(bubble, acts) {
  return [card(bubble.url, acts,
    el("div", { class: "card__title", text: bubble.title }),
    bubble.picture ? el("img", { class: "card__picture", src: bubble.picture, alt: "" }) : null,
    el("div", { class: "card__text", text: bubble.text }))];
}

function template(bubble, acts) {
  const rows = (bubble.fields ?? []).map((field) =>
    el("div", { class: "card__row" },
      el("span", { class: "card__label", text: field.label }),
      el("span", { class: "card__value", text: field.value })));
  return [card(bubble.url, acts,
    el("div", { class: "card__kind", text: "服务通知" }),
    el("div", { class: "card__title", text: bubble.title }),
    ...rows,
    bubble.url ? el("div", { class: "card__more", text: "查看详情" }) : null)];
}

const card = (address, acts, ...children) =>
  linkNode(address, { class: "card", testid: "card" }, acts, ...children);

// A grey time above a bubble that comes a while after the one before it.
export function timeNode(at) {
  const moment = new Date(at * 1000);
  const clock = moment.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  const isToday = moment.toDateString() === new Date().toDateString();
  const day = isToday ? "" : `${moment.getMonth() + 1}月${moment.getDate()}日 `;
  return el("div", { class: "moment", text: day + clock });
}
