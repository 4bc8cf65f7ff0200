// Parts that move by themselves. `data-live="/console/…"` is asked for every few seconds, never
// while the tab is hidden, and swapped in place: scroll, focus and what is typed stay. The part's
// mark (`data-mark`) goes with the question, and an unchanged part is answered without content.
// `data-live-every` (seconds) changes the pace. `live:now` on a part asks at once. An answer may
// vouch for other parts of the page, `address=mark`: what is still so does not ask itself.
(() => {
  const EVERY = 4;
  const asked = new WeakMap(); // part → when it was asked last, and whether an answer is awaited
  const state = () => document.getElementById('live-state');
  let missed = 0;

  function tell(name) {
    const dot = state();
    if (!dot || dot.dataset.state === name) return;
    const [live, waiting, away] = (dot.dataset.liveWords ?? '||').split('|');
    dot.dataset.state = name;
    dot.title = { live, waiting, away }[name];
  }

  async function ask(part) {
    const known = asked.get(part) ?? {};
    if (known.isOut) return;
    asked.set(part, { at: Date.now(), isOut: true });
    try {
      await htmx.ajax('GET', part.dataset.live, {
        source: part,
        target: part,
        swap: part.dataset.liveSwap ?? 'innerMorph',
        headers: part.dataset.mark ? { 'HX-PTag': part.dataset.mark } : {},
      });
    } finally {
      asked.set(part, { at: Date.now(), isOut: false });
    }
  }

  function vouch(address, mark) {
    for (const part of document.querySelectorAll('[data-live]')) {
      if (part.dataset.live.split('?')[0] !== address || asked.get(part)?.isOut) continue;
      if (part.dataset.mark === mark) asked.set(part, { at: Date.now(), isOut: false });
      else ask(part);
    }
  }

  function tick() {
    if (document.hidden) return;
    for (const part of document.querySelectorAll('[data-live]')) {
      const every = Number(part.dataset.liveEvery ?? EVERY) * 1000;
      const known = asked.get(part);
      if (!known) asked.set(part, { at: Date.now(), isOut: false });
      else if (Date.now() - known.at >= every) ask(part);
    }
  }

  document.addEventListener('htmx:after:request', (event) => {
    const mark = event.detail?.ctx?.response?.headers?.get('HX-PTag');
    const part = event.detail?.ctx?.sourceElement;
    if (mark && part?.dataset?.live) part.dataset.mark = mark;
    const vouched = event.detail?.ctx?.response?.headers?.get('HX-Vouched') ?? '';
    for (const each of vouched.split(' ').filter(Boolean)) vouch(...each.split('='));
    const status = event.detail?.ctx?.response?.status ?? 0;
    if (status === 401 || (event.detail?.ctx?.response?.raw?.redirected ?? false)) location.reload();
    missed = status >= 500 || status === 0 ? missed + 1 : 0;
    tell(missed === 0 ? 'live' : missed < 3 ? 'waiting' : 'away');
  });
  document.addEventListener('htmx:error', () => {
    missed += 1;
    tell(missed < 3 ? 'waiting' : 'away');
  });
  document.addEventListener('live:now', (event) => ask(event.target));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) document.querySelectorAll('[data-live]').forEach(ask);
  });
  setInterval(tick, 500);

  // A menu closes when something else is pressed.
  addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();
