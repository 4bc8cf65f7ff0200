// weixin-js-sdk is published as a CommonJS module; a page has no `module` of its own.
window.module = window.module || { exports: {} };
