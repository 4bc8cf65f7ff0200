// Goes on by itself when this window is a phone's own: webview.js noted whose it is.

const openid = sessionStorage.phone;
const links = [...document.querySelectorAll("[data-openid]")];
const own = links.find((link) => link.dataset.openid === openid);
if (own) location.replace(own.href);
