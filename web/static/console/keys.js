// Keys of the console: single letters and pairs («g q»), silent while somebody types or composes
// Chinese, or has switched them off in this browser.
//
// For pages: `data-key="o"` or `data-key="g q"` presses (or focuses) its element;
// `data-key-label` says in the sheet what it does, else its label, title or text. In an element
// with `data-key-list`, j and k move between `[data-key-item]`s, Enter opens the first link of
// one, x ticks its box. `?` shows all keys that the page has now.
(() => {
  const WITHIN = 1200; // milliseconds between the two keys of a pair
  const OFF = 'keys.off';
  const MOVES = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
  const sheet = document.getElementById('keys');
  let first = null; // of a pair, and when it was pressed

  // --- whether a key means anything -------------------------------------------------------------

  function isOff() {
    try {
      return localStorage.getItem(OFF) === 'yes';
    } catch {
      return false;
    }
  }

  function isTyping(event) {
    const field = event.target.closest?.('input, textarea, select, [contenteditable=true]');
    const isBox = field?.matches('input[type=checkbox], input[type=radio], input[type=button]');
    return event.isComposing || event.keyCode === 229 || (field && !isBox);
  }

  const isModified = (event) => event.ctrlKey || event.metaKey || event.altKey;
  const isThere = (element) => !element.disabled && (element.checkVisibility?.() ?? true);

  function reached() {
    const shut = document.querySelector('dialog[open]');
    return [...(shut ?? document).querySelectorAll('[data-key]')].filter(isThere);
  }

  // --- pressing ---------------------------------------------------------------------------------

  function press(element) {
    if (element.matches('input:not([type=checkbox], [type=radio]), textarea, select')) {
      element.focus();
      element.select?.();
    } else {
      element.click();
      if (element.matches('summary')) {
        element.parentElement.querySelector('input, a, button')?.focus();
      }
    }
  }

  function meant(key) {
    const pair = first && Date.now() - first.at < WITHIN ? `${first.key} ${key}` : null;
    const all = reached();
    const found =
      (pair && all.find((each) => each.dataset.key === pair)) ??
      all.find((each) => each.dataset.key === key);
    const begins = !found && all.some((each) => each.dataset.key.startsWith(`${key} `));
    first = begins ? { key, at: Date.now() } : null;
    return { found, begins };
  }

  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || isModified(event)) return;
    if (event.key === 'Escape' && !event.isComposing) return leave(event);
    if (isTyping(event) || isOff()) return;
    if (event.key === '?') return show(event);
    const { found, begins } = meant(event.key);
    if (found || begins) event.preventDefault();
    if (found && !event.repeat) press(found);
    if (!found && !begins) walk(event);
  });

  function leave(event) {
    const open = event.target.closest?.('details[open]') ?? document.querySelector('details.menu[open]');
    if (open) {
      open.open = false;
      open.querySelector('summary')?.focus();
    } else if (isTyping(event)) {
      event.target.blur?.();
    } else if (!document.querySelector('dialog[open]') && !isOff()) {
      const found = reached().find((each) => each.dataset.key === 'Escape');
      if (found) press(found);
    }
  }

  // --- lists ------------------------------------------------------------------------------------

  const items = () => [...document.querySelectorAll('[data-key-list] [data-key-item]')];
  const here = () => document.activeElement?.closest?.('[data-key-item]') ?? null;
  const linkOf = (item) => item.querySelector('a[href]') ?? item;

  function walk(event) {
    if (document.querySelector('dialog[open]') || !items().length) return;
    const item = here();
    const isArrow = event.key.startsWith('Arrow');
    if (MOVES[event.key] && (item || !isArrow)) move(item, MOVES[event.key]);
    else if (event.key === 'x' && item) item.querySelector('input[type=checkbox]')?.click();
    else if (event.key === 'Enter' && item && !event.target.closest('a, button, summary')) {
      linkOf(item).click();
    } else return;
    event.preventDefault();
  }

  function move(item, by) {
    const all = items();
    const at = item ? all.indexOf(item) + by : 0;
    const next = all[Math.max(0, Math.min(all.length - 1, at))];
    linkOf(next).focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  }

  // --- the sheet --------------------------------------------------------------------------------

  const said = (element) =>
    element.dataset.keyLabel || element.ariaLabel || element.title || element.textContent.trim();

  function line(key, words) {
    const term = document.createElement('dt');
    for (const each of key.split(' ')) {
      const cap = document.createElement('kbd');
      cap.textContent = sheet.dataset[`name${each}`] ?? each;
      term.append(cap);
    }
    const meaning = document.createElement('dd');
    meaning.textContent = words;
    const pair = document.createElement('div');
    pair.append(term, meaning);
    return pair;
  }

  function show(event) {
    if (!sheet || sheet.open) return;
    event?.preventDefault();
    const seen = new Map();
    for (const each of reached()) {
      if (!seen.has(each.dataset.key)) seen.set(each.dataset.key, said(each));
    }
    const own = [...seen].filter(([key]) => !key.startsWith('g '));
    const ways = [...seen].filter(([key]) => key.startsWith('g '));
    const moves = sheet.querySelector('[data-keys-list]');
    moves.hidden = !items().length;
    sheet.querySelector('[data-keys-own]').replaceChildren(...own.map((each) => line(...each)));
    sheet.querySelector('[data-keys-ways]').replaceChildren(...ways.map((each) => line(...each)));
    sheet.querySelector('[data-keys-off]').checked = !isOff();
    sheet.showModal();
  }

  sheet?.addEventListener('change', (event) => {
    if (!event.target.matches('[data-keys-off]')) return;
    try {
      if (event.target.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, 'yes');
    } catch {
      // Nothing is kept in a private window.
    }
  });

  addEventListener('click', (event) => {
    if (event.target.closest?.('[data-keys-open]')) show();
    if (event.target === sheet || event.target.closest?.('[data-keys-close]')) sheet.close();
  });
})();
