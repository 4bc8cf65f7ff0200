// A talk: what is typed stays while the talk moves; words are sent without leaving the page.
(() => {
  const form = document.getElementById('say');
  const flow = document.getElementById('flow');
  if (!form || !flow) return;
  const field = document.getElementById('words');
  const meter = document.getElementById('meter');
  const composer = document.getElementById('composer');
  const most = Number(field.dataset.most);
  const spoken = () => document.getElementById('spoken');

  const toEnd = () => {
    const list = spoken();
    list.scrollTop = list.scrollHeight;
  };
  const isAtEnd = () => {
    const list = spoken();
    return list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  };

  function measure() {
    const count = [...field.value].length;
    const isOver = count > most || new TextEncoder().encode(field.value).length > 2048;
    meter.textContent = `${count}/${most}`;
    meter.classList.toggle('is-over', isOver);
    form.querySelector('[type=submit]').disabled = isOver;
  }

  const freshKey = () =>
    [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');

  const ask = () => flow.dispatchEvent(new CustomEvent('live:now', { bubbles: true }));

  // What the server refuses is sent once more as a plain form: its page says why.
  async function post(sent) {
    try {
      const answer = await fetch(sent.action, { method: 'POST', body: new URLSearchParams(new FormData(sent)) });
      if (answer.ok) return true;
    } catch {
      // No connection: the plain form shows the browser's own page, and keeps the words.
    }
    sent.submit();
    return false;
  }

  let isSending = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isSending || !field.value.trim()) return;
    isSending = true;
    const words = field.value;
    if (await post(form)) {
      // What was typed meanwhile stays, and who has gone on elsewhere is not called back.
      if (field.value.startsWith(words)) field.value = field.value.slice(words.length);
      form.elements.request_key.value = freshKey();
      measure();
      ask();
      if (document.activeElement === document.body || form.contains(document.activeElement)) field.focus();
    }
    isSending = false;
  });

  // Words taken back stand in the field again, before what was typed meanwhile.
  flow.addEventListener('submit', async (event) => {
    const button = event.target.querySelector('[data-undo]');
    if (!button) return;
    event.preventDefault();
    if (!(await post(event.target))) return;
    field.value = [button.dataset.undo, field.value].filter(Boolean).join('\n');
    measure();
    ask();
    field.focus();
  });

  field.addEventListener('input', measure);
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === '/' && !field.value) {
      const menu = form.querySelector('.composer__canned');
      menu.open = true;
      menu.querySelector('[data-canned]:not([disabled])')?.focus();
      event.preventDefault();
    }
  });

  const canned = form.querySelector('.composer__canned');
  let typed = '';
  canned.addEventListener('keydown', (event) => {
    const buttons = [...canned.querySelectorAll('[data-canned]:not([disabled])')];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === 'Escape') {
      canned.open = false;
      field.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      buttons.at((at + step) % buttons.length)?.focus();
      event.preventDefault();
    } else if (/^[a-z0-9]$/i.test(event.key) && !event.ctrlKey && !event.metaKey) {
      typed += event.key.toLowerCase();
      buttons.find((each) => each.dataset.shortcut.startsWith(typed))?.focus();
    }
  });
  canned.addEventListener('toggle', () => {
    typed = '';
  });
  canned.addEventListener('click', (event) => {
    const chosen = event.target.closest('[data-canned]');
    if (!chosen) return;
    field.setRangeText(chosen.dataset.canned, field.selectionStart, field.selectionEnd, 'end');
    canned.open = false;
    measure();
    field.focus();
  });

  // Seconds until words leave: shown between two answers of the server.
  setInterval(() => {
    for (const fate of flow.querySelectorAll('[data-undo-left]')) {
      const left = Number(fate.dataset.undoLeft) - 1;
      fate.dataset.undoLeft = Math.max(0, left);
      const words = fate.querySelector('[data-undo-words]');
      words.textContent = words.textContent.replace(/\d+/, Math.max(0, left));
      if (left === 0) ask();
    }
  }, 1000);

  let wasAtEnd = true;
  document.addEventListener('htmx:before:swap', () => {
    wasAtEnd = isAtEnd();
  });
  document.addEventListener('htmx:after:swap', () => {
    composer.hidden = !flow.querySelector('[data-holder="mine"]');
    if (wasAtEnd) toEnd();
  });
  measure();
  toEnd();
})();
