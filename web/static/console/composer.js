// Writing: drafts are saved while somebody types, / offers what is said often, @ colleagues, and
// colleagues see that somebody writes.
(() => {
  const SAVED_AFTER = 2000; // milliseconds without a key
  const TYPING_FOR = 6000;
  const composer = document.getElementById('composer');

  // --- putting words in -----------------------------------------------------------------------

  function put(area, text, from = area.selectionStart, to = area.selectionEnd) {
    area.focus();
    area.setRangeText(text, from, to, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  document.addEventListener('click', (event) => {
    const words = event.target.closest?.('[data-insert]');
    if (!words) return;
    put(document.getElementById(words.dataset.into), words.dataset.insert);
    words.closest('details')?.removeAttribute('open');
  });

  if (!composer) return;

  // --- reply or note ----------------------------------------------------------------------------

  const tabs = [...composer.querySelectorAll('[role=tab]')];

  function choose(tab, isAsked) {
    for (const each of tabs) {
      const isIt = each === tab;
      each.setAttribute('aria-selected', String(isIt));
      each.tabIndex = isIt ? 0 : -1;
      document.getElementById(each.getAttribute('aria-controls')).hidden = !isIt;
    }
    if (isAsked) composer.querySelector(`#${tab.getAttribute('aria-controls')} textarea`).focus();
  }

  tabs.forEach((tab, at) => {
    tab.addEventListener('click', () => choose(tab, true));
    tab.addEventListener('keydown', (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const next = tabs[(at + by + tabs.length) % tabs.length];
      choose(next, false);
      next.focus();
    });
  });
  const hasDraft = (tab) =>
    composer.querySelector(`#${tab.getAttribute('aria-controls')} textarea`).value.trim();
  choose(tabs.find(hasDraft) ?? tabs[0], false);

  // --- files, below the line whose button opens them ---------------------------------------------

  const files = document.getElementById('compose-files');
  const attaching = [...composer.querySelectorAll('[data-attach]')];
  const tellOpen = () => attaching.forEach((each) => each.setAttribute('aria-expanded', String(files.open)));
  for (const button of attaching) {
    button.addEventListener('click', () => {
      files.open = !files.open;
      if (files.open) files.querySelector('input[type=file]').focus();
    });
  }
  files?.addEventListener('toggle', tellOpen);
  tellOpen();

  // --- drafts -------------------------------------------------------------------------------------

  const told = composer.querySelector('[data-draft-state]');
  const waiting = new Map(); // text area → its timer
  const saved = new WeakMap();

  async function save(area) {
    clearTimeout(waiting.get(area));
    waiting.delete(area);
    if (saved.get(area) === area.value || area.form.dataset.sent) return;
    const words = area.value;
    const body = new URLSearchParams({
      csrf_token: area.form.elements.csrf_token.value,
      place: area.dataset.draft,
      words,
    });
    try {
      const answer = await fetch(composer.dataset.draftPath, { method: 'POST', body, keepalive: true });
      if (!answer.ok) throw new Error(String(answer.status));
      saved.set(area, words);
      told.textContent = words ? composer.dataset.saved : '';
    } catch {
      told.textContent = composer.dataset.unsaved;
    }
  }

  function count(area) {
    const place = composer.querySelector(`[data-count-of="${area.id}"]`);
    const left = area.maxLength - area.value.length;
    if (place) place.textContent = left < 100 ? composer.dataset.left.replace('{}', left) : '';
  }

  // --- that somebody writes -----------------------------------------------------------------------

  const main = document.getElementById('ticket-main');
  const address = main.dataset.live;
  let quiet = null;

  function typing() {
    main.dataset.live = `${address}?typing=1`;
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      main.dataset.live = address;
    }, TYPING_FOR);
  }

  // --- / and @ ------------------------------------------------------------------------------------

  const offers = Object.fromEntries(
    [...composer.querySelectorAll('[data-picks]')].map((list) => [
      list.dataset.picks,
      [...list.children].map((each) => ({ ...each.dataset })),
    ]),
  );

  function asked(area) {
    const before = area.value.slice(0, area.selectionStart);
    const found = before.match(/(?:^|[\s\u3000-\uffee])([/@])([^\s/@]{0,20})$/u);
    if (!found || (found[1] === '@' && area.dataset.draft !== 'note')) return null;
    return { kind: found[1], word: found[2].toLowerCase(), from: before.length - found[2].length - 1 };
  }

  function fitting({ kind, word }) {
    const all = offers[kind] ?? [];
    return all
      .filter((each) => each.keyWord.toLowerCase().startsWith(word) || each.title.toLowerCase().includes(word))
      .slice(0, 8);
  }

  function offer(area) {
    const list = document.getElementById(area.getAttribute('aria-controls'));
    const wish = asked(area);
    const found = wish ? fitting(wish) : [];
    list.replaceChildren(...found.map((each, at) => line(list, each, at, wish)));
    list.hidden = !found.length;
    mark(area, list, 0);
  }

  function line(list, each, at, wish) {
    const item = document.createElement('li');
    item.id = `${list.id}-${at}`;
    item.role = 'option';
    item.dataset.text = each.text;
    item.dataset.from = wish.from;
    const small = document.createElement('small');
    small.textContent = wish.kind === '/' ? each.text : '';
    item.append(wish.kind === '/' ? `${each.title}  /${each.keyWord}` : each.title, small);
    return item;
  }

  function mark(area, list, at) {
    [...list.children].forEach((each, n) => each.setAttribute('aria-selected', String(n === at)));
    if (list.hidden) area.removeAttribute('aria-activedescendant');
    else area.setAttribute('aria-activedescendant', list.children[at].id);
  }

  function pick(area, item) {
    const list = item.parentElement;
    list.hidden = true;
    put(area, item.dataset.text, Number(item.dataset.from), area.selectionStart);
  }

  function steer(event, area) {
    const list = document.getElementById(area.getAttribute('aria-controls'));
    if (list.hidden) return;
    const all = [...list.children];
    const at = all.findIndex((each) => each.getAttribute('aria-selected') === 'true');
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) mark(area, list, (at + by + all.length) % all.length);
    else if (event.key === 'Enter' || event.key === 'Tab') pick(area, all[at]);
    else if (event.key === 'Escape') list.hidden = true;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  for (const area of composer.querySelectorAll('textarea')) {
    saved.set(area, area.value);
    count(area);
    area.addEventListener('input', () => {
      typing();
      count(area);
      offer(area);
      clearTimeout(waiting.get(area));
      waiting.set(area, setTimeout(() => save(area), SAVED_AFTER));
    });
    area.addEventListener('blur', () => save(area));
    area.addEventListener('keydown', (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
      else steer(event, area);
    });
    area.form.addEventListener('submit', () => {
      area.form.dataset.sent = 'yes';
      clearTimeout(waiting.get(area));
    });
    document.getElementById(area.getAttribute('aria-controls')).addEventListener('mousedown', (event) => {
      event.preventDefault();
      const item = event.target.closest('li');
      if (item) pick(area, item);
    });
  }
  addEventListener('pagehide', () => [...waiting.keys()].forEach(save));
})();
