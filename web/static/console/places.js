// On a narrow screen the rail, the tabs and the year's chart are wider than it: what one is at, and
// the newest month, are moved into view.
(() => {
  for (const here of document.querySelectorAll('nav [aria-current]')) {
    const nav = here.closest('nav');
    nav.scrollLeft += here.getBoundingClientRect().left - (nav.clientWidth - here.offsetWidth) / 2;
  }
  for (const room of document.querySelectorAll('.trend__room')) room.scrollLeft = room.scrollWidth;
})();
