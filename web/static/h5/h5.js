// What a page can do better with a script; none of it is needed.

(function () {
  "use strict";

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

  // --- a form is sent once -----------------------------------------------------------------------

  // Heard last: a form that waits for its photos has not been sent.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(function () { delete form.dataset.sent; }, 8000); // a phone that lost its net may try again
  });
})();
