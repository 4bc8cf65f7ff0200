// Record and replay: what people and clerks did, kept as a file, and done once more.

import { el, hint } from "./dom.js";
import { act } from "./server.js";

const LOOKS = 500; // milliseconds between two looks at a replay
const RESTS = 3000; // milliseconds between two looks at what is being recorded
const SPEEDS = [["照原来的快慢", 1], ["快 2 倍", 2], ["快 5 倍", 5], ["快 20 倍", 20], ["快 100 倍", 100]];

export class TapeTab {
  title = "录放";

  constructor() {
    this.loaded = null;
    this.count = el("p", { class: "tape__count", testid: "tape-count" });
    this.node = el("div", { class: "tab tab--tape" },
      el("h3", { class: "tape__title", text: "录" }), this.count, ...this.buildRecording(),
      el("h3", { text: "放" }), ...this.buildReplay());
    this.setFile(null);
    this.showProgress({ is_running: false, total: 0, done: 0, failed: [], left: 0 });
    setInterval(() => { if (this.isRunning) this.look(); }, LOOKS);
  }

  // --- building ---------------------------------------------------------------------------------

  buildRecording() {
    return [
      el("div", { class: "tape__row" },
        button("从现在录起", "tape-start", "default", () => this.start()),
        button("存成文件", "tape-save", "primary", () => this.save())),
      el("p", { class: "note", text: "手机上和接待台上做的每一步都在录。重新录起之前，先把要留的存成文件。" }),
    ];
  }

  buildReplay() {
    this.file = el("div", { class: "tape__file", testid: "tape-file" });
    const chooser = el("input", { type: "file", accept: ".json,application/json", testid: "tape-load", hidden: true, onchange: () => this.load(chooser) });
    this.speed = el("select", { testid: "tape-speed", "aria-label": "快慢" }, ...SPEEDS.map(([text, value]) => el("option", { value, text })));
    this.play = button("开始放", "tape-play", "primary", () => this.replay());
    this.stop = button("停下", "tape-stop", "warn", () => this.halt());
    this.done = el("span");
    this.bar = el("div", { class: "tape__bar", role: "progressbar", "aria-label": "放到哪里" }, this.done);
    this.left = el("p", { class: "tape__left", testid: "tape-progress", role: "status" });
    return [
      this.file,
      el("p", { class: "note", text: "放的时候接在现有聊天后面。想从头看，先在“时钟”里重置沙箱。" }),
      el("div", { class: "tape__row" }, button("选文件…", "tape-choose", "default", () => chooser.click()), this.speed, this.play, this.stop),
      chooser, this.bar, this.left,
    ];
  }

  // --- recording --------------------------------------------------------------------------------

  async start() {
    if (!(await act("POST", "/control/recording/start"))) return;
    hint("从现在录起");
    await this.look();
  }

  async save() {
    const recording = await act("GET", "/control/recording");
    if (!recording) return;
    const content = new Blob([JSON.stringify(recording, null, 1)], { type: "application/json" });
    const link = el("a", { href: URL.createObjectURL(content), download: `sandbox-${stamp(new Date())}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  // --- replaying --------------------------------------------------------------------------------

  async load(chooser) {
    const [file] = chooser.files;
    const words = await file?.text();
    chooser.value = "";
    if (words === undefined) return;
    try {
      const recording = JSON.parse(words);
      if (!Array.isArray(recording.acts)) throw new Error("no acts");
      this.setFile({ name: file.name, recording });
    } catch {
      hint("这个文件不是沙箱录下的");
    }
  }

  setFile(loaded) {
    this.loaded = loaded;
    const acts = loaded?.recording.acts ?? [];
    this.file.textContent = loaded ? `${loaded.name}：${acts.length} 步，${lasting(lengthOf(acts))}` : "还没有选文件";
    this.play.disabled = !acts.length;
  }

  async replay() {
    const told = await act("POST", "/control/replay", { recording: { acts: this.loaded.recording.acts }, speed: Number(this.speed.value) });
    if (told) await this.look();
  }

  async halt() {
    await act("POST", "/control/replay/stop");
    await this.look();
  }

  showProgress(told) {
    this.isRunning = told.is_running;
    this.play.hidden = told.is_running;
    this.stop.hidden = !told.is_running;
    this.bar.hidden = this.left.hidden = !told.total;
    this.done.style.width = told.total ? `${(100 * told.done) / told.total}%` : "0";
    this.left.classList.toggle("tape__left--bad", told.failed.length > 0);
    this.left.textContent = [
      told.is_running ? `正在放，第 ${told.done} 步，共 ${told.total} 步` : `放了 ${told.done} 步，共 ${told.total} 步`,
      told.failed.length ? `${told.failed.length} 步没有做成（${told.failed[0].error}）` : "",
      told.is_running ? `还要 ${lasting(told.left)}` : "",
    ].filter(Boolean).join("，");
  }

  // --- both -------------------------------------------------------------------------------------

  opened() {
    return this.look();
  }

  async look() {
    if (this.node.hidden || !this.node.offsetParent || this.isLooking) return;
    this.isLooking = true;
    const [recording, replay] = await Promise.all([act("GET", "/control/recording"), act("GET", "/control/replay")]);
    this.isLooking = false;
    this.lookedAt = Date.now();
    if (recording) this.count.textContent = `已录 ${recording.acts.length} 步，${lasting(recording.seconds)}`;
    if (replay) this.showProgress(replay);
  }

  update() {
    if (Date.now() - (this.lookedAt ?? 0) > RESTS) this.look();
  }
}

const button = (text, testid, look, onclick) =>
  el("button", { class: `weui-btn weui-btn_mini weui-btn_${look}`, type: "button", testid, text, onclick });

const lengthOf = (acts) => (acts.length ? acts.at(-1).at - acts[0].at : 0);

function lasting(seconds) {
  const whole = Math.round(seconds ?? 0);
  return whole < 60 ? `${whole} 秒` : `${Math.floor(whole / 60)} 分 ${whole % 60} 秒`;
}

const two = (number) => String(number).padStart(2, "0");

const stamp = (now) =>
  `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}`;
