// Shows a photo or plays a film over the whole page.

import { hint } from "./dom.js";

const box = document.querySelector(".viewer");
const picture = box.querySelector("img");
const film = box.querySelector("video");

export function showPicture(address) {
  film.hidden = true;
  picture.hidden = false;
  picture.src = address;
  box.hidden = false;
}

export function showFilm(address) {
  picture.hidden = true;
  film.hidden = false;
  film.src = address;
  box.hidden = false;
  film.play().catch(() => { shut(); hint("这段视频浏览器放不了"); });
}

function shut() {
  box.hidden = true;
  film.pause();
}

box.addEventListener("click", (event) => { if (event.target !== film) shut(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") shut(); });
