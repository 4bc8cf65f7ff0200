// Draws what a phone shows: one function for each kind of bubble.

import { el, icon } from "./dom.js";

// `tap(content, id)` is called when a line is tapped.
export function bubbleNode(bubble, tap) {
  const data = { id: bubble.id, from: bubble.from, kind: bubble.kind };
  if (bubble.from === "notice") {
    return el("div", { class: "notice", testid: "bubble", data, text: bubble.text });
  }
  const draw = DRAWINGS[bubble.kind] ?? text;
  const isBare = ["image", "video", "template", "location", "news"].includes(bubble.kind);
  const body = el("div", { class: `bubble bubble--${bubble.kind}${isBare ? " bubble--bare" : ""}` });
  body.append(...draw(bubble, tap));
  const clerk = bubble.clerk ? el("div", { class: "row__clerk", text: bubble.clerk }) : null;
  return el(
    "div",
    { class: `row row--${bubble.from}`, testid: "bubble", data },
    el("div", { class: "row__face", "aria-hidden": "true" }),
    el("div", { class: "row__said" }, clerk, body),
  );
}

const DRAWINGS = { msgmenu, image, voice, video, location, news, template };

function text(bubble, tap) {
  let lines = 0;
  return (bubble.parts ?? []).map((part) => {
    if (part.kind === "line") return lineNode(bubble.lines[lines++], part.text, tap);
    return plainNode(part);
  });
}

function plainNode(part) {
  if (part.kind !== "link") return document.createTextNode(part.text);
  return el("a", { class: "link", href: part.href, target: "_blank", rel: "noreferrer", text: part.text });
}

function lineNode(line, label, tap) {
  return el("button", {
    class: "line",
    type: "button",
    testid: `line-${line.content}`,
    text: label.replace(/^〔(.*)〕$/, "$1"),
    onclick: () => tap(line.content, line.id),
  });
}

function msgmenu(bubble, tap) {
  const lines = bubble.lines.map((line) => lineNode(line, line.content, tap));
  return [
    bubble.text ? el("div", { class: "menu-head" }, ...(bubble.parts ?? []).map(plainNode)) : null,
    el("div", { class: "menu-lines" }, ...lines),
    bubble.tail ? el("div", { class: "menu-tail", text: bubble.tail }) : null,
  ].filter(Boolean);
}

function image(bubble) {
  return [picture(`/media/${bubble.media_id}`)];
}

function picture(address) {
  return el("img", {
    class: "picture",
    src: address,
    alt: "照片",
    onclick: () => {
      const viewer = document.querySelector(".viewer");
      viewer.querySelector("img").src = address;
      viewer.hidden = false;
    },
  });
}

function voice(bubble) {
  const seconds = bubble.seconds ?? 1;
  const bar = el("span", { class: "voice" }, icon("wave"), el("span", { text: `${seconds}″` }));
  bar.style.minWidth = `${52 + Math.min(seconds, 30) * 4}px`;
  return [bar];
}

function video(bubble) {
  const still = bubble.picture ? el("img", { class: "picture", src: bubble.picture, alt: "视频" }) : null;
  return [el("div", { class: "film" }, still, icon("play"))];
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

function news(bubble) {
  return [card(bubble.url,
    el("div", { class: "card__title", text: bubble.title }),
    bubble.picture ? el("img", { class: "card__picture", src: bubble.picture, alt: "" }) : null,
    el("div", { class: "card__text", text: bubble.text }))];
}

function template(bubble) {
  const rows = (bubble.fields ?? []).map((field) =>
    el("div", { class: "card__row" },
      el("span", { class: "card__label", text: field.label }),
      el("span", { class: "card__value", text: field.value })));
  return [card(bubble.url,
    el("div", { class: "card__kind", text: "服务通知" }),
    el("div", { class: "card__title", text: bubble.title }),
    ...rows,
    bubble.url ? el("div", { class: "card__more", text: "查看详情" }) : null)];
}

function card(url, ...children) {
  if (!/^https?:\/\//.test(url ?? "")) return el("div", { class: "card" }, ...children);
  return el("a", { class: "card", href: url, target: "_blank", rel: "noreferrer" }, ...children);
}

// A grey time above a bubble that comes a while after the one before it.
export function timeNode(at) {
  const moment = new Date(at * 1000);
  const clock = moment.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  const isToday = moment.toDateString() === new Date().toDateString();
  const day = isToday ? "" : `${moment.getMonth() + 1}月${moment.getDate()}日 `;
  return el("div", { class: "moment", text: day + clock });
}
