// Painting the roster: pressed cells are sent one press after the other and only the table is
// exchanged; held and drawn over several days, one press is for all of them. Without this script
// each cell is a button of a plain form.
(() => {
  const plan = document.getElementById('plan');
  if (!plan) return;

  for (const button of plan.querySelectorAll('[data-print]')) button.hidden = false;
  plan.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) window.print();
  });

  // --- one press after the other ------------------------------------------------------------------

  let last = Promise.resolve();

  function paint(cells) {
    last = last.then(() => send(cells)).catch(() => location.reload());
  }

  async function send(cells) {
    const form = document.getElementById('paint'); // its key is new after each press
    if (!form) return;
    const body = new URLSearchParams(new FormData(form));
    body.set('cell', cells.join(' '));
    plan.classList.add('is-busy');
    const answer = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('plan');
    if (!answer.ok || !fresh) {
      location.reload();
      return;
    }
    exchange(fresh, cells.at(-1));
  }

  function exchange(fresh, cell) {
    const scroll = plan.querySelector('.roster__scroll');
    const left = scroll ? scroll.scrollLeft : 0;
    const isFocused = plan.contains(document.activeElement);
    const isOpen = plan.querySelector('#notes')?.open;
    plan.replaceChildren(...fresh.childNodes);
    plan.classList.remove('is-busy');
    const notes = plan.querySelector('#notes');
    if (notes && isOpen !== undefined) notes.open = isOpen;
    for (const button of plan.querySelectorAll('[data-print]')) button.hidden = false;
    const now = plan.querySelector('.roster__scroll');
    if (now) now.scrollLeft = left;
    if (isFocused) find(cell)?.focus({ preventScroll: true });
  }

  function find(value) {
    return [...plan.querySelectorAll('.cell__press')].find((each) => each.value === value);
  }

  // --- held and drawn along a row -----------------------------------------------------------------

  let drawn = null; // the buttons of one row, from where the mouse went down
  let wasDrawn = false;

  function cellAt(event) {
    return event.target.closest?.('.cell__press');
  }

  plan.addEventListener('pointerdown', (event) => {
    const cell = cellAt(event);
    wasDrawn = false;
    if (cell && event.button === 0 && event.pointerType === 'mouse') drawn = [cell];
  });

  plan.addEventListener('pointerover', (event) => {
    const cell = cellAt(event);
    if (!drawn || !cell || cell.closest('tr') !== drawn[0].closest('tr')) return;
    const row = [...cell.closest('tr').querySelectorAll('.cell__press')];
    const [from, to] = [row.indexOf(drawn[0]), row.indexOf(cell)];
    const picked = row.slice(Math.min(from, to), Math.max(from, to) + 1);
    drawn = [drawn[0], ...picked.filter((each) => each !== drawn[0])];
    for (const each of row) each.classList.toggle('is-picked', picked.length > 1 && picked.includes(each));
  });

  document.addEventListener('pointerup', () => {
    const cells = drawn;
    drawn = null;
    if (!cells || cells.length < 2) return;
    wasDrawn = true;
    setTimeout(() => { wasDrawn = false; }, 0); // after the click that may follow
    paint(cells.map((each) => each.value));
  });

  plan.addEventListener('click', (event) => {
    const cell = cellAt(event);
    if (!cell) return;
    event.preventDefault();
    if (!wasDrawn) paint([cell.value]);
    wasDrawn = false;
  });

  // --- arrows walk through the table --------------------------------------------------------------

  plan.addEventListener('keydown', (event) => {
    const cell = event.target.closest?.('.cell__press');
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!cell || !step) return;
    const td = cell.closest('td');
    const rows = [...plan.querySelectorAll('tbody tr[id]')];
    const row = rows[rows.indexOf(td.parentElement) + step[0]];
    const next = row?.children[td.cellIndex + step[1]]?.querySelector('.cell__press');
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
})();
