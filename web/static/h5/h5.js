// What a page can do better with a script; none of it is needed.

(function () {
  "use strict";

  const LONGEST_SIDE = 1600;
  const QUALITY = 0.8;

  // A page that comes back from memory may show what is no longer so.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });

  // iOS leaves the page scrolled when its keyboard goes.
  document.addEventListener("focusout", function () {
    setTimeout(function () { window.scrollTo(window.scrollX, window.scrollY); }, 50);
  });

  // --- what was typed is kept while the page is away ---------------------------------------------

  const drafts = {
    key: (form) => "draft:" + form.dataset.draft,
    read(form) {
      try { return JSON.parse(sessionStorage.getItem(this.key(form))) || {}; } catch { return {}; }
    },
    keep(form) {
      const kept = {};
      for (const field of form.elements) {
        if (!field.name || field.type === "hidden" || field.type === "file") continue;
        if (field.type === "radio" && !field.checked) continue;
        kept[field.name] = field.value;
      }
      try { sessionStorage.setItem(this.key(form), JSON.stringify(kept)); } catch { /* full, or off */ }
    },
    restore(form) {
      for (const [name, value] of Object.entries(this.read(form))) {
        for (const field of form.elements) {
          if (field.name !== name || field.type === "hidden") continue;
          if (field.type === "radio") field.checked = field.value === value;
          else if (field.dataset.typed === undefined && value) field.value = value;
        }
      }
    },
    forget(name) {
      try {
        for (const key of Object.keys(sessionStorage)) {
          if (key.startsWith("draft:" + name)) sessionStorage.removeItem(key);
        }
      } catch { /* off */ }
    },
  };

  for (const note of document.querySelectorAll("[data-done]")) drafts.forget(note.dataset.done);

  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (!form.querySelector("[aria-invalid]")) drafts.restore(form);
    form.addEventListener("input", function () { drafts.keep(form); });
  }

  // --- photos are made smaller before they travel -----------------------------------------------

  function smaller(file) {
    return new Promise(function (done) {
      const address = URL.createObjectURL(file);
      const image = new Image();
      image.onerror = function () { URL.revokeObjectURL(address); done(file); };
      image.onload = function () {
        URL.revokeObjectURL(address);
        const scale = Math.min(1, LONGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
        const canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
        canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
        const context = canvas.getContext("2d");
        context.fillStyle = "#fff"; // a JPEG has no see-through
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) {
          if (!blob || blob.size >= file.size) return done(file);
          done(new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" }));
        }, "image/jpeg", QUALITY);
      };
      image.src = address;
    });
  }

  function preview(list, files) {
    list.replaceChildren();
    for (const file of files) {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      image.onload = function () { URL.revokeObjectURL(image.src); };
      item.append(image);
      list.append(item);
    }
    list.hidden = !files.length;
  }

  async function made(input) {
    const chosen = [...input.files];
    if (!chosen.length || typeof DataTransfer === "undefined") return;
    const carrier = new DataTransfer();
    for (const file of chosen) {
      carrier.items.add(file.type.startsWith("image/") ? await smaller(file) : file);
    }
    input.files = carrier.files;
    const list = document.querySelector('[data-previews="' + input.name + '"]');
    if (list) preview(list, carrier.files);
  }

  // The browser's own button says little; ours stands in for it where previews show what was chosen.
  for (const label of document.querySelectorAll("[data-pick]")) {
    label.hidden = false;
    document.getElementById(label.dataset.pick).classList.add("unseen");
  }

  const making = new Map();
  for (const input of document.querySelectorAll("input[data-photos]")) {
    input.addEventListener("change", function () {
      making.set(input, made(input).catch(function () {}).finally(function () { making.delete(input); }));
    });
  }

  // --- a form is sent once, and not before its photos are ready -----------------------------------

  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", function (event) {
      const button = event.submitter || form.querySelector("button[type=submit]");
      if (form.dataset.sent) return event.preventDefault();
      const waits = [...form.elements].filter((field) => making.has(field)).map((field) => making.get(field));
      if (waits.length) {
        event.preventDefault();
        if (button) button.setAttribute("aria-busy", "true");
        Promise.all(waits).then(function () {
          if (form.requestSubmit) form.requestSubmit(button);
          else form.submit(); // before iOS 16
        });
        return;
      }
      form.dataset.sent = "yes";
      setTimeout(function () { delete form.dataset.sent; }, 8000); // a phone that lost its net may try again
    });
  }
})();
