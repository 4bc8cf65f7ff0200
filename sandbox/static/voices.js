// Plays a voice where it stands. WeChat's are AMR, which no browser plays by itself: a decoder is
// fetched when it is first needed.

import { hint } from "./dom.js";

let library = null;
let heard = null; // what is being played: its node, and how to end it

function decoder() {
  library ??= import("/static/vendor/amr.min.js").then(() => window.BenzAMRRecorder);
  return library;
}

// `node` moves while the voice is heard; a second touch ends it.
export async function playVoice(address, node) {
  const wasThis = heard?.node === node;
  heard?.end();
  if (wasThis) return;
  const mine = { node, stop: () => {}, end: () => end(mine) };
  heard = mine;
  node.classList.add("voice--heard");
  try {
    const stop = await sound(address, () => end(mine));
    if (heard === mine) mine.stop = stop;
    else stop();
  } catch {
    end(mine);
    hint("这段语音放不出来");
  }
}

function end(one) {
  one.stop();
  one.node.classList.remove("voice--heard");
  if (heard === one) heard = null;
}

// Begins to play; answers what stops it.
async function sound(address, ended) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(String(response.status));
  const content = await response.blob();
  return (await content.slice(0, 5).text()) === "#!AMR" ? amr(content, ended) : common(content, ended);
}

async function amr(content, ended) {
  const Player = await decoder();
  const player = new Player();
  await player.initWithBlob(content);
  player.onEnded(ended);
  player.play();
  return () => player.stop();
}

async function common(content, ended) {
  const player = new Audio(URL.createObjectURL(content));
  player.addEventListener("ended", ended);
  await player.play();
  return () => { player.pause(); URL.revokeObjectURL(player.src); };
}
