// The page of a ticket: what is open stays open while it moves, reading is never disturbed, and
// what an act asks stands in a dialog. Without this script each of them is a page of its own.
(() => {
  const page = document.querySelector('.ticket');
  if (!page) return;
  const number = page.dataset.ticket;
  const main = document.getElementById('ticket-main');
  const news = document.querySelector('[data-news]');
  const NEAR = 80; // pixels from the end that still count as being there

  htmx.config.morphIgnore = [...(htmx.config.morphIgnore ?? []), 'open', 'data-was'];

  // --- reading ----------------------------------------------------------------------------------

  const lines = () => document.getElementById('lines');
  const scrolls = () => getComputedStyle(lines()).overflowY === 'auto';
  const box = () => (scrolls() ? lines() : document.scrollingElement);
  const isAtEnd = () => box().scrollHeight - box().scrollTop - box().clientHeight < NEAR;
  const toEnd = () => {
    if (scrolls()) lines().scrollTop = lines().scrollHeight;
  };
  const newest = () => Number(lines()?.dataset.newest ?? 0);
  const SEEN = `ticket.seen.${number}`;

  function remembered() {
    try {
      return Number(localStorage.getItem(SEEN) ?? 0);
    } catch {
      return 0;
    }
  }

  function remember() {
    try {
      localStorage.setItem(SEEN, String(newest()));
    } catch {
      // Private windows keep nothing: the page opens at its end.
    }
  }

  function land() {
    const seen = remembered();
    const unread = [...document.querySelectorAll('.lines .line[id^=a]')].find(
      (line) => Number(line.id.slice(1)) > seen,
    );
    toEnd();
    if (seen && unread && scrolls()) {
      unread.classList.add('line--unread');
      unread.dataset.unread = lines().dataset.unread;
      const top = unread.offsetTop - lines().offsetTop - 24;
      if (top < lines().scrollTop) lines().scrollTop = top;
    }
    remember();
  }

  let wasAtEnd = true;
  let last = newest();
  document.addEventListener('htmx:before:swap', () => {
    wasAtEnd = isAtEnd();
  });
  document.addEventListener('htmx:after:swap', () => {
    if (newest() === last) return;
    last = newest();
    if (wasAtEnd && !document.hidden) {
      toEnd();
      remember();
    } else if (news) {
      news.hidden = false;
    }
  });
  news?.addEventListener('click', () => {
    toEnd();
    if (!scrolls()) lines().lastElementChild?.scrollIntoView({ block: 'end' });
    remember();
    news.hidden = true;
  });
  main?.addEventListener('scroll', () => {
    if (news && !news.hidden && isAtEnd()) {
      news.hidden = true;
      remember();
    }
  }, true);

  // --- what plays goes on -------------------------------------------------------------------------

  for (const [name, isOn] of [['play', true], ['pause', false], ['ended', false]]) {
    page.addEventListener(name, (event) => event.target.toggleAttribute('hx-morph-skip', isOn), true);
  }

  // --- acts in a dialog ---------------------------------------------------------------------------

  const dialog = document.getElementById('act-dialog');
  const look = document.getElementById('look-dialog');

  async function ask(address) {
    await htmx.ajax('GET', address, { target: '#act-body', swap: 'innerHTML' });
    if (!document.querySelector('#act-body form')) {
      location.href = address;
      return;
    }
    dialog.showModal();
    dialog.querySelector('[autofocus], input:not([type=hidden]), textarea, select')?.focus();
  }

  document.addEventListener('click', (event) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const act = event.target.closest?.('a[data-act]');
    if (act && isPlain) {
      event.preventDefault();
      act.closest('details.menu')?.removeAttribute('open');
      ask(act.getAttribute('href'));
      return;
    }
    const picture = event.target.closest?.('a[data-look]');
    if (picture && isPlain) {
      event.preventDefault();
      look.querySelector('[data-look-image]').src = picture.href;
      look.showModal();
      return;
    }
    if (event.target.closest?.('[data-act-close]') || event.target === dialog) dialog.close();
    if (event.target.closest?.('[data-look-close]') || event.target === look) look.close();
    const copy = event.target.closest?.('[data-copy]');
    if (copy) copyNumber(copy);
    if (event.target.closest?.('a[href="#dispatch"]')) {
      setTimeout(() => document.getElementById('dispatch')?.focus(), 0);
    }
  });

  async function copyNumber(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return; // not allowed: the number can be marked by hand
    }
    say(button.dataset.copied);
  }

  // --- short words --------------------------------------------------------------------------------

  function say(words) {
    const toast = document.createElement('div');
    toast.className = 'toast-words';
    toast.textContent = words;
    document.getElementById('toasts')?.append(toast);
    setTimeout(() => toast.remove(), 2500);
  }

  for (const toast of document.querySelectorAll('[data-toast]')) {
    setTimeout(() => toast.classList.add('is-over'), 4000);
  }

  // The seconds in which something can be taken back; the server has the last word.
  const undo = document.getElementById('undo');
  if (undo) {
    setTimeout(() => {
      undo.classList.add('is-over');
      main.dispatchEvent(new CustomEvent('live:now', { bubbles: true }));
    }, Number(undo.dataset.undoSeconds) * 1000);
  }

  document.querySelector('[data-back]')?.addEventListener('click', (event) => {
    const from = document.referrer && new URL(document.referrer);
    if (from && from.origin === location.origin && from.pathname === '/console/queue') {
      event.preventDefault();
      history.back();
    }
  });

  land();
})();
