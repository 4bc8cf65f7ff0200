// An article's answer is put into the reply by composer.js; that it was used is counted here.
(() => {
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-used]');
    if (!button) return;
    const form = document.getElementById(button.dataset.used);
    const body = new URLSearchParams(new FormData(form));
    body.set('article', button.dataset.article);
    fetch(form.action, { method: 'POST', body, keepalive: true });
    button.querySelector('[data-said]')?.removeAttribute('hidden');
    button.disabled = true; // once for each page: the key of the form counts it once anyway
  });
})();
