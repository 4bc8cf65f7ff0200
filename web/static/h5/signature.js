// The user signs on the engineer's screen. Without a script the field stays hidden: it is optional.

(function () {
  "use strict";

  const WIDEST = 700; // pixels of the picture that is sent: a signature needs no more
  const box = document.querySelector("[data-signature]");
  if (!box || !window.SignaturePad) return;

  const canvas = box.querySelector("canvas");
  const field = box.querySelector("input[name=signature]");
  const form = field.form;
  const draft = "signature:" + form.dataset.draft;
  const pad = new window.SignaturePad(canvas, { minWidth: 0.8, maxWidth: 2.4, penColor: "#111" });

  function kept() {
    try { return JSON.parse(sessionStorage.getItem(draft)) || []; } catch { return []; }
  }

  function keep() {
    try { sessionStorage.setItem(draft, JSON.stringify(pad.toData())); } catch { /* full, or off */ }
  }

  // A canvas that changes its size is empty: the strokes are drawn again.
  function fit() {
    const strokes = pad.isEmpty() ? kept() : pad.toData();
    const scale = Math.min(WIDEST / canvas.offsetWidth, Math.max(window.devicePixelRatio || 1, 1));
    canvas.width = canvas.offsetWidth * scale;
    canvas.height = canvas.offsetHeight * scale;
    canvas.getContext("2d").scale(scale, scale);
    pad.clear();
    pad.fromData(strokes);
  }

  box.hidden = false;
  fit();
  window.addEventListener("resize", fit);
  pad.addEventListener("endStroke", keep);

  box.querySelector("[data-clear]").addEventListener("click", function () {
    pad.clear();
    try { sessionStorage.removeItem(draft); } catch { /* off */ }
  });

  form.addEventListener("submit", function () {
    field.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
  }, true);
})();
