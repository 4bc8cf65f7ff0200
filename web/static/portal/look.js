// Pictures of a ticket, large, on the page itself: one after the other, by arrow or by finger.
(() => {
  const dialog = document.getElementById('look');
  if (!dialog) return;
  const image = dialog.querySelector('[data-look-image]');
  const count = dialog.querySelector('[data-look-count]');
  const steps = [...dialog.querySelectorAll('[data-look-step]')];
  const FAR = 40; // pixels that a finger goes before it means the next one
  let shown = 0;
  let from = null;
  const all = () => [...document.querySelectorAll('a[data-look]')];

  function show(number) {
    const links = all();
    shown = (number + links.length) % links.length;
    image.src = links[shown].href;
    image.alt = links[shown].querySelector('img')?.alt ?? image.alt;
    count.textContent = links.length > 1 ? `${shown + 1} / ${links.length}` : '';
    for (const each of steps) each.hidden = links.length < 2;
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-look]');
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (link && isPlain) {
      event.preventDefault();
      show(all().indexOf(link));
      dialog.showModal();
    } else if (event.target.closest?.('[data-look-close]') || event.target === dialog) {
      dialog.close();
    }
    const step = event.target.closest?.('[data-look-step]');
    if (step) show(shown + Number(step.dataset.lookStep));
  });
  dialog.addEventListener('keydown', (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way) show(shown + way);
  });
  dialog.addEventListener('touchstart', (event) => (from = event.touches[0].clientX), {
    passive: true,
  });
  dialog.addEventListener('touchend', (event) => {
    const gone = event.changedTouches[0].clientX - (from ?? event.changedTouches[0].clientX);
    if (Math.abs(gone) > FAR) show(shown + (gone < 0 ? 1 : -1));
    from = null;
  });
  // What plays goes on while the page beside it moves.
  for (const [name, isOn] of [['play', true], ['pause', false], ['ended', false]]) {
    document.addEventListener(
      name,
      (event) => event.target.toggleAttribute?.('hx-morph-skip', isOn),
      true,
    );
  }
  dialog.addEventListener('close', () => image.removeAttribute('src'));
})();
