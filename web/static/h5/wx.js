// Inside WeChat only, and never needed: pages are somebody's own, so they are not passed on.

(function () {
  "use strict";

  const note = document.querySelector("meta[name=wx-config]");
  const wx = window.wx || window.jWeixin || (window.module && window.module.exports);
  if (!note || !wx || !wx.config) return;

  const NOT_TO_BE_SHARED = [
    "menuItem:share:appMessage", "menuItem:share:timeline", "menuItem:share:qq",
    "menuItem:share:QZone", "menuItem:copyUrl", "menuItem:openWithSafari",
    "menuItem:openWithQQBrowser", "menuItem:share:email", "menuItem:favorite",
  ];

  wx.config(JSON.parse(note.content));
  wx.ready(function () {
    wx.hideMenuItems({ menuList: NOT_TO_BE_SHARED });
    document.documentElement.classList.add("has-wx");
    document.dispatchEvent(new CustomEvent("wx-ready", { detail: wx }));
  });
})();
