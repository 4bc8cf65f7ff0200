// The table's columns: dragged by their heading, drawn wider at its edge (or with the arrow keys
// there), put in order in the menu. What is changed is kept at once, and for its reader alone.
(() => {
  const form = document.getElementById('layout');
  const live = document.getElementById('live');
  if (!form || !live) return;
  const STEP = 16; // pixels of one press of an arrow key
  const [NARROWEST, WIDEST] = [48, 800];
  const key = () =>
    [...crypto.getRandomValues(new Uint8Array(16))]
      .map((each) => each.toString(16).padStart(2, '0'))
      .join('');
  const table = () => live.querySelector('.sheet table');
  const cols = () => [...table().querySelectorAll('col')];
  const shown = () => [...table().querySelectorAll('th[data-column]')].map((th) => th.dataset.column);
  const colOf = (column) => cols().find((each) => each.dataset.column === column);

  // --- kept -------------------------------------------------------------------------------------

  async function keep() {
    const order = shown();
    const all = form.querySelector('.columns__all');
    for (const column of [...order].reverse()) {
      const item = all.querySelector(`[data-column="${column}"]`);
      if (item) all.prepend(item);
    }
    const widths = form.elements.widths.value.split(' ').map((word) => word.split('.')[0]);
    form.elements.widths.value = widths
      .filter((column) => colOf(column))
      .map((column) => `${column}.${Math.round(Number(colOf(column).width))}`)
      .join(' ');
    const body = new URLSearchParams(new FormData(form));
    body.set('request_key', key());
    await fetch(form.action, { method: 'POST', body, redirect: 'manual', keepalive: true });
    if (form.dataset.leads) location.replace(form.dataset.leads);
    else live.dispatchEvent(new Event('live:now', { bubbles: true }));
  }

  // --- wider, narrower --------------------------------------------------------------------------

  let drawn = null; // the handle that is held, where it was taken, and how wide its column was

  function widen(handle, width) {
    const near = Math.min(Math.max(width, NARROWEST), WIDEST);
    colOf(handle.closest('th').dataset.column).width = near;
    handle.setAttribute('aria-valuenow', Math.round(near));
  }

  const widthOf = (handle) => handle.closest('th').getBoundingClientRect().width;

  live.addEventListener('pointerdown', (event) => {
    const handle = event.target.closest('.sheet__handle');
    if (!handle) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    drawn = { handle, from: event.clientX, width: widthOf(handle) };
    handle.classList.add('is-held');
  });
  live.addEventListener('pointermove', (event) => {
    if (drawn) widen(drawn.handle, drawn.width + event.clientX - drawn.from);
  });
  for (const name of ['pointerup', 'pointercancel']) {
    live.addEventListener(name, () => {
      if (!drawn) return;
      drawn.handle.classList.remove('is-held');
      drawn = null;
      keep();
    });
  }
  live.addEventListener('keydown', (event) => {
    const handle = event.target.closest('.sheet__handle');
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!handle || !way) return;
    event.preventDefault();
    event.stopPropagation();
    widen(handle, widthOf(handle) + way * STEP);
    keep();
  });

  // --- another order ----------------------------------------------------------------------------

  let dragged = null; // the heading in hand

  function mark(heading, isAfter) {
    for (const each of table().querySelectorAll('.is-before, .is-after')) {
      each.classList.remove('is-before', 'is-after');
    }
    heading?.classList.add(isAfter ? 'is-after' : 'is-before');
  }

  function target(event) {
    const heading = event.target.closest?.('th[draggable]');
    if (!dragged || !heading || heading === dragged) return null;
    const box = heading.getBoundingClientRect();
    return { heading, isAfter: event.clientX > box.left + box.width / 2 };
  }

  function put(heading, isAfter) {
    const all = [...dragged.parentElement.children];
    const from = all.indexOf(dragged);
    const to = all.indexOf(heading);
    for (const row of [...table().rows, table().querySelector('colgroup')]) {
      const [cell, other] = [row.children[from], row.children[to]];
      if (isAfter) other.after(cell);
      else other.before(cell);
    }
  }

  live.addEventListener('dragstart', (event) => {
    const heading = event.target.closest?.('th[draggable]');
    if (!heading || drawn) {
      event.preventDefault();
      return;
    }
    dragged = heading;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', heading.dataset.column);
  });
  live.addEventListener('dragover', (event) => {
    const there = target(event);
    if (!there) return;
    event.preventDefault();
    mark(there.heading, there.isAfter);
  });
  live.addEventListener('drop', (event) => {
    const there = target(event);
    if (!there) return;
    event.preventDefault();
    put(there.heading, there.isAfter);
    mark(null);
    dragged = null;
    keep();
  });
  live.addEventListener('dragend', () => {
    mark(null);
    dragged = null;
  });

  // --- the same in the menu ---------------------------------------------------------------------

  form.addEventListener('click', (event) => {
    const button = event.target.closest('[data-step]');
    if (!button) return;
    const item = button.closest('li');
    if (button.dataset.step === '1') item.nextElementSibling?.after(item);
    else item.previousElementSibling?.before(item);
    button.focus();
  });
})();
