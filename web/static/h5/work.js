// The way to the requester: WeChat's own map where it is there, else the link; and the place to copy.

(function () {
  "use strict";

  // What was signed has arrived.
  for (const note of document.querySelectorAll("[data-done]")) {
    try { sessionStorage.removeItem("signature:" + note.dataset.done); } catch { /* off */ }
  }

  let wx = null;
  document.addEventListener("wx-ready", function (event) { wx = event.detail; });

  for (const link of document.querySelectorAll("[data-spot]")) {
    link.addEventListener("click", function (event) {
      if (!wx || !wx.openLocation) return;
      event.preventDefault();
      wx.openLocation({
        latitude: Number(link.dataset.latitude),
        longitude: Number(link.dataset.longitude),
        name: link.dataset.name,
        address: link.dataset.address,
        scale: 17,
        fail: function () { location.href = link.href; },
      });
    });
  }

  function copied(words) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(words);
    const field = document.createElement("textarea");
    field.value = words;
    field.setAttribute("readonly", "");
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    return isDone ? Promise.resolve() : Promise.reject(new Error("not copied"));
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    const before = button.textContent;
    button.addEventListener("click", function () {
      copied(button.dataset.copy).then(function () {
        button.textContent = button.dataset.copied;
        setTimeout(function () { button.textContent = before; }, 2000);
      }, function () {});
    });
  }
})();
