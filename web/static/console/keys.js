// Keys of the console: single letters, silent while somebody types or composes Chinese.
// An element with `data-key="o"` is pressed by that key; `?` shows all that the page has.
(() => {
  const isTyping = (event) =>
    event.isComposing ||
    event.keyCode === 229 ||
    event.target.closest?.('input, textarea, select, [contenteditable=true]');

  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.key === '/') {
      document.getElementById('search')?.focus();
      event.preventDefault();
      return;
    }
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches('input, textarea, select')) wanted.focus();
    else wanted.click();
  });
})();
