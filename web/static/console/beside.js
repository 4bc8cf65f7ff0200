// What stands beside a ticket: a column that can be folded away, a drawer where there is no room.
(() => {
  const page = document.querySelector('.ticket');
  const side = page?.querySelector('.ticket__side');
  const button = page?.querySelector('[data-beside]');
  if (!side || !button) return;
  const FOLDED = 'ticket.beside.folded';
  const narrow = matchMedia('(max-width: 1279px)');
  const isOpen = () =>
    narrow.matches ? page.classList.contains('is-drawn') : !page.classList.contains('is-folded');

  function remembered() {
    try {
      return localStorage.getItem(FOLDED) === 'yes';
    } catch {
      return false;
    }
  }

  function remember(isFolded) {
    try {
      localStorage.setItem(FOLDED, isFolded ? 'yes' : 'no');
    } catch {
      // A private window forgets it with the page.
    }
  }

  function turn(toOpen, focus = true) {
    if (narrow.matches) page.classList.toggle('is-drawn', toOpen);
    else {
      page.classList.toggle('is-folded', !toOpen);
      remember(!toOpen);
    }
    button.setAttribute('aria-expanded', toOpen);
    if (toOpen && narrow.matches && focus) side.focus({ preventScroll: true });
    if (!toOpen && side.contains(document.activeElement)) button.focus({ preventScroll: true });
  }

  function settle() {
    page.classList.remove('is-drawn');
    page.classList.toggle('is-folded', remembered());
    button.setAttribute('aria-expanded', isOpen());
  }

  button.addEventListener('click', () => turn(!isOpen()));
  narrow.addEventListener('change', settle);
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !narrow.matches || !isOpen()) return;
      if (document.querySelector('dialog[open]') || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      turn(false);
      button.focus({ preventScroll: true });
    },
    true,
  );
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-beside-close]')) turn(false);
    else if (event.target.closest('a[href="#dispatch"]')) turn(true, false);
    else if (narrow.matches && isOpen() && event.target === page) turn(false);
  });
  // Whoever walks on with the keyboard is not left under the drawer.
  document.addEventListener('focusin', (event) => {
    const isAway = !side.contains(event.target) && !event.target.closest('dialog');
    if (narrow.matches && isOpen() && isAway && event.target !== button) turn(false);
  });
  settle();
  if (location.hash === '#dispatch') turn(true);
})();
