// The search box: suggestions while somebody types, arrow keys through them, Enter opens the chosen
// one, or sends the form as it would without this script. Ctrl+K gets there from anywhere.
(() => {
  const PAUSE = 180; // milliseconds after the last letter
  const box = document.getElementById('search');
  const list = document.getElementById('search-hint');
  if (!box || !list) return;
  const form = box.form;
  let timer = 0;
  let asking = null;
  let shownFor = null; // the words that the list answers

  box.setAttribute('role', 'combobox');
  box.setAttribute('aria-autocomplete', 'list');
  box.setAttribute('aria-controls', list.id);
  box.setAttribute('aria-expanded', 'false');

  const options = () => [...list.querySelectorAll('[role=option]')];
  const chosen = () => list.querySelector('[aria-selected=true]');
  const isOpen = () => !list.hidden;

  function open() {
    list.hidden = false;
    box.setAttribute('aria-expanded', 'true');
  }

  function shut() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    choose(null);
    box.setAttribute('aria-expanded', 'false');
  }

  function choose(option) {
    chosen()?.setAttribute('aria-selected', 'false');
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    if (option) box.setAttribute('aria-activedescendant', option.id);
    else box.removeAttribute('aria-activedescendant');
  }

  function move(by) {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(chosen());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
    choose(all[next] ?? null); // beyond the ends: back to what was typed
  }

  async function ask() {
    const words = box.value.trim();
    if (!words) {
      shownFor = null;
      shut();
      return;
    }
    if (words === shownFor) {
      open();
      return;
    }
    asking?.abort();
    asking = new AbortController();
    try {
      const address = `${form.action}/hint?q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { signal: asking.signal, redirect: 'error' });
      if (!answer.ok) return;
      const shown = await answer.text();
      if (box.value.trim() !== words || document.activeElement !== box) return;
      list.innerHTML = shown;
      shownFor = words;
      choose(null);
      open();
    } catch {
      // Away or overtaken: the form still works.
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  box.addEventListener('input', (event) => {
    if (!event.isComposing) later();
  });
  box.addEventListener('compositionend', later);
  box.addEventListener('focus', () => {
    if (box.value.trim() && box.value.trim() === shownFor) open();
  });
  box.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (isOpen()) move(event.key === 'ArrowDown' ? 1 : -1);
      else ask();
    } else if (event.key === 'Enter' && isOpen() && chosen()) {
      event.preventDefault();
      chosen().click();
    } else if (event.key === 'Escape' && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      shut();
    }
  });
  form.addEventListener('submit', (event) => {
    if (!box.value.trim()) event.preventDefault();
    else shut();
  });
  list.addEventListener('mousedown', (event) => event.preventDefault()); // the box keeps the focus
  box.addEventListener('blur', () => setTimeout(shut, 150));

  addEventListener('keydown', (event) => {
    const isAsked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isAsked || event.key.toLowerCase() !== 'k') return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
