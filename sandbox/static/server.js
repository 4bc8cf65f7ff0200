// Talks to the sandbox: acts of phones, controls, and the one feed that everything comes from.

import { hint } from "./dom.js";

const WAITS = 25; // seconds that the server holds a question to which there is no news
const PAUSE = 60; // milliseconds between two questions, so that a burst comes in one piece
const RETRY = 1000;

export async function send(method, path, body) {
  const options = { method };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `没有成功（${response.status}）`);
  return answer;
}

// The same, for buttons: what goes wrong is said at the foot of the page.
export async function act(method, path, body) {
  try {
    return await send(method, path, body);
  } catch (error) {
    hint(error.message);
    return null;
  }
}

export const phoneAct = (openid, what, body) =>
  act("POST", `/phone/${encodeURIComponent(openid)}/${what}`, body ?? {});

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Calls `tell(news, isAnew)` for ever; anew: what was shown before is void.
export async function follow(tell, lost) {
  const known = { epoch: "", version: -1, after: 0, journal: 0 };
  for (;;) {
    try {
      const query = new URLSearchParams({ ...known, wait: WAITS });
      const news = await send("GET", `/phone/feed?${query}`);
      const isAnew = news.epoch !== known.epoch;
      known.epoch = news.epoch;
      known.version = news.version;
      known.after = news.bubbles.at(-1)?.id ?? (isAnew ? 0 : known.after);
      known.journal = news.journal.at(-1)?.id ?? (isAnew ? 0 : known.journal);
      tell(news, isAnew);
      await pause(PAUSE);
    } catch (error) {
      console.warn(error);
      lost();
      await pause(RETRY);
    }
  }
}
