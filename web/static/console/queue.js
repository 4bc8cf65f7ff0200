// The list: what is picked outlives its refresh, countdowns tick, and what is new waits for a
// press, or comes by itself: to an empty list at once, else when nobody has touched the page for
// half a minute.
(() => {
  const page = document.getElementById('queue');
  const form = document.getElementById('bulk');
  if (!page) return;
  const IDLE = 30_000; // milliseconds
  const KEPT = 'queue.picked';
  const boxes = () => [...page.querySelectorAll('.pick')];
  let touchedAt = Date.now();
  let last = null; // the box that was pressed last, where a range begins

  // --- what is picked ---------------------------------------------------------------------------

  const picked = new Set(restored());

  function restored() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? '{}');
      return kept.at === location.search ? kept.picked : [];
    } catch {
      return [];
    }
  }

  function keep() {
    try {
      const kept = { at: location.search, picked: [...picked] };
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
    } catch {
      // A private window forgets it with the page.
    }
  }

  function draw() {
    const all = boxes();
    for (const box of all) box.checked = picked.has(box.value);
    const count = all.filter((box) => box.checked).length;
    for (const whole of page.querySelectorAll('[data-pick-all]')) {
      whole.checked = count > 0 && count === all.length;
      whole.indeterminate = count > 0 && count < all.length;
    }
    if (form) {
      form.hidden = count === 0;
      document.getElementById('picked-count').textContent = form.dataset.words.replace('{}', count);
    }
  }

  function pick(box, isPicked) {
    if (isPicked) picked.add(box.value);
    else picked.delete(box.value);
  }

  page.addEventListener('click', (event) => {
    const box = event.target.closest('.pick');
    if (!box) return;
    const all = boxes();
    const from = all.findIndex((each) => each.value === last);
    if (event.shiftKey && from >= 0) {
      const to = all.indexOf(box);
      const range = all.slice(Math.min(from, to), Math.max(from, to) + 1);
      for (const each of range) pick(each, box.checked);
    }
    pick(box, box.checked);
    last = box.value;
    keep();
    draw();
  });

  page.addEventListener('change', (event) => {
    if (!event.target.matches('[data-pick-all]')) return;
    for (const box of boxes()) pick(box, event.target.checked);
    keep();
    draw();
  });

  page.addEventListener('click', (event) => {
    if (event.target.closest('[data-pick-none]')) {
      picked.clear();
      keep();
      draw();
    }
    if (event.target.closest('[data-print]')) print();
  });

  // --- countdowns -------------------------------------------------------------------------------

  const ahead = Date.parse(page.dataset.now) - Date.now(); // of the server's clock before ours

  function length(milliseconds) {
    const words = document.getElementById('ticking').dataset;
    const minutes = Math.floor(milliseconds / 60_000);
    const [d, h, m] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
    const pattern = d ? words.days : h ? words.hours : words.minutes;
    const hours = d ? Math.floor((minutes % 1440) / 60) : h;
    return pattern.replace('{d}', d).replace('{h}', hours).replace('{m}', m);
  }

  function tick() {
    const ticking = document.getElementById('ticking');
    if (!ticking || document.hidden) return;
    const now = Date.now() + ahead;
    for (const due of page.querySelectorAll('[data-due]')) {
      const at = Date.parse(due.dateTime);
      const isLate = at < now;
      const isAmber = !isLate && due.dataset.amber && Date.parse(due.dataset.amber) <= now;
      const words = (isLate ? ticking.dataset.over : ticking.dataset.left).replace(
        '{}',
        length(Math.abs(at - now)),
      );
      const span = due.querySelector('.due__words');
      if (span.textContent !== words) span.textContent = words;
      due.className = `due due--${isLate ? 'late' : isAmber ? 'amber' : 'calm'}`;
    }
  }

  // --- what is new ------------------------------------------------------------------------------

  for (const name of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart']) {
    addEventListener(name, () => (touchedAt = Date.now()), { passive: true });
  }

  function showNews() {
    const news = page.querySelector('.news');
    const isBusy = picked.size > 0 || page.querySelector('details[open]') || scrollY > 0;
    const isEmpty = page.querySelector('.queue__empty'); // no row that would move under the mouse
    if (news && !isBusy && (isEmpty || Date.now() - touchedAt > IDLE)) location.assign(news.href);
  }

  document.addEventListener('htmx:after:swap', () => {
    draw();
    tick();
    showNews();
  });
  setInterval(() => {
    tick();
    showNews();
  }, 5000);
  draw();
  tick();
})();
