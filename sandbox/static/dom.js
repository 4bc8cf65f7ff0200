// Makes elements; texts are always texts, never markup.

export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "testid") node.dataset.testid = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SHAPES = {
  plus: "M12 5v14M5 12h14",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  photo: "M4 7h4l1.500-2h5L16 7h4v12H4zM12 16a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z",
  voice: "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6.500 11a5.500 5.500 0 0 0 11 0M12 16.500V20",
  video: "M4 7h11v10H4zM15 11l5-3v8l-5-3",
  location: "M12 20s6-5.500 6-10a6 6 0 1 0-12 0c0 4.500 6 10 6 10zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  file: "M6 4h8l4 4v12H6zM14 4v4h4",
  wave: "M8 9a5 5 0 0 1 0 6M11.500 6.500a9 9 0 0 1 0 11M15 4a13 13 0 0 1 0 16",
  play: "M9 7l8 5-8 5z",
  cross: "M6 6l12 12M18 6L6 18",
  code: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M4 12h16",
  record: "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10z",
  large: "M5 10V5h5M19 14v5h-5M5 5l6 6M19 19l-6-6",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon--${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

// What was not sent stands in its field again, before what was typed meanwhile.
export function putBack(input, text) {
  input.value = [text, input.value].filter(Boolean).join(" ");
}

// Whether the focus may be set within `part`: nobody has gone on to work elsewhere meanwhile.
export function isFree(part) {
  const active = document.activeElement;
  return !active || active === document.body || part.contains(active);
}

let hiding = 0;

// A short word at the foot of the page that goes away by itself; one with a link stays longer.
export function hint(words, link = null) {
  const box = document.querySelector(".hint");
  box.replaceChildren(words, ...(link ? [" ", link] : []));
  box.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { box.hidden = true; }, link ? 12000 : 2600);
}
