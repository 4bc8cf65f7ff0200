// 扫一扫 on one phone: a picture from the disk, the clipboard or dropped, or one of the account's
// living codes.

import { el, icon } from "./dom.js";
import { readCode } from "./qr.js";
import { act, send } from "./server.js";

export class Scanner {
  // `open(address)` shows a page when the code leads to one.
  constructor(openid, open) {
    this.openid = openid;
    this.open = open;
    this.node = el("div", { class: "scan", testid: "scanner", hidden: true, role: "dialog", "aria-label": "扫一扫" },
      this.buildHead(), this.buildFinder(), this.buildCodes(), this.buildWords());
    document.addEventListener("paste", (event) => this.pasted(event));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.shut(); });
  }

  // --- building ---------------------------------------------------------------------------------

  buildHead() {
    return el("div", { class: "scan__head" },
      el("b", { text: "扫一扫" }),
      el("button", { class: "scan__shut", type: "button", testid: "scan-shut", "aria-label": "关闭", title: "关闭", onclick: () => this.shut() }, icon("cross")));
  }

  buildFinder() {
    this.state = el("p", { class: "scan__state", testid: "scan-state", role: "status" });
    const file = el("input", { type: "file", accept: "image/*", testid: "scan-file", hidden: true, onchange: () => this.chosen(file) });
    this.finder = el("div", { class: "scan__finder" },
      icon("code"),
      this.state,
      el("div", { class: "scan__ways" },
        el("button", { class: "scan__way", type: "button", text: "选择图片", onclick: () => file.click() }),
        el("button", { class: "scan__way", type: "button", testid: "scan-paste", text: "粘贴图片", onclick: () => this.paste() })),
      file);
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.finder.addEventListener(name, (event) => this.dragged(event));
    }
    return this.finder;
  }

  buildCodes() {
    this.codes = el("div", { class: "scan__codes" });
    return this.codes;
  }

  buildWords() {
    const words = el("input", { class: "scan__input", testid: "scan-words", placeholder: "或填二维码的链接、场景值", "aria-label": "二维码的链接或场景值", autocomplete: "off" });
    const scan = (event) => {
      event.preventDefault();
      const typed = words.value.trim();
      if (typed) this.scan(/^https?:\/\//.test(typed) ? { url: typed } : { scene: typed });
      words.value = "";
    };
    return el("form", { class: "scan__words", onsubmit: scan }, words,
      el("button", { class: "scan__go", type: "submit", testid: "scan-send", text: "识别" }));
  }

  // --- opening ----------------------------------------------------------------------------------

  async show() {
    this.say("把二维码图片拖到这里");
    this.node.hidden = false;
    this.node.querySelector(".scan__way").focus();
    const answer = await act("GET", "/control/qrcodes");
    this.showCodes(answer?.qrcodes ?? []);
  }

  shut() {
    this.node.hidden = true;
  }

  say(words, isBad = false) {
    this.state.textContent = words;
    this.state.classList.toggle("scan__state--bad", isBad);
  }

  showCodes(codes) {
    if (!codes.length) {
      this.codes.replaceChildren(el("p", { class: "scan__none", text: "公众号还没有生成过二维码" }));
      return;
    }
    this.codes.replaceChildren(
      el("p", { class: "scan__label", text: `公众号的二维码 ${codes.length} 个` }),
      el("div", { class: "scan__grid" }, ...codes.map((code) => this.code(code))));
  }

  code(code) {
    const picture = `/cgi-bin/showqrcode?ticket=${encodeURIComponent(code.ticket)}`;
    return el("button", { class: "scan__code", type: "button", testid: `code-${code.scene}`, title: code.scene, onclick: () => this.scan({ url: code.url }) },
      el("img", { src: picture, alt: "", loading: "lazy" }),
      el("span", { class: "scan__scene", text: code.scene }),
      code.expires_at ? el("span", { class: "scan__until", text: `${until(code.expires_at)}前有效` }) : null);
  }

  // --- reading ----------------------------------------------------------------------------------

  chosen(file) {
    if (file.files.length) this.read(file.files[0]);
    file.value = "";
  }

  dragged(event) {
    event.preventDefault();
    this.finder.classList.toggle("scan__finder--over", event.type === "dragenter" || event.type === "dragover");
    if (event.type !== "drop") return;
    const file = pictureOf(event.dataTransfer);
    if (file) this.read(file);
    else this.say("拖进来的不是图片", true);
  }

  pasted(event) {
    if (this.node.hidden || !this.node.isConnected) return;
    const file = pictureOf(event.clipboardData);
    if (file) this.read(file);
  }

  async paste() {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((each) => each.startsWith("image/"));
        if (type) return this.read(await item.getType(type));
      }
      this.say("剪贴板里没有图片", true);
    } catch {
      this.say("请按 Ctrl+V 粘贴图片", true);
    }
  }

  async read(file) {
    this.say("正在识别…");
    const words = await readCode(file).catch(() => null);
    if (words === null) this.say("打不开这张图片", true);
    else if (words === "") this.say("没有在图片里找到二维码", true);
    else await this.scan({ url: words });
  }

  async scan(code) {
    try {
      const answer = await send("POST", `/phone/${encodeURIComponent(this.openid)}/scan`, code);
      this.shut();
      if (answer.open) this.open(answer.open);
    } catch (error) {
      this.say(error.message, true);
    }
  }
}

const pictureOf = (data) => [...(data?.files ?? [])].find((file) => file.type.startsWith("image/"));

const until = (at) => new Date(at * 1000).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
