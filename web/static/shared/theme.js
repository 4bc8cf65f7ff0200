// Light or dark before anything is drawn: as chosen here, else as the reader's system has it.
(() => {
  const root = document.documentElement;
  const chosen = () => {
    try {
      return localStorage.getItem('theme');
    } catch {
      return null;
    }
  };
  const system = matchMedia('(prefers-color-scheme: dark)');
  const put = () => {
    root.dataset.bsTheme = chosen() ?? (system.matches ? 'dark' : 'light');
  };
  put();
  system.addEventListener('change', put);
  addEventListener('storage', put);
  addEventListener('click', (event) => {
    if (!event.target.closest?.('[data-theme-switch]')) return;
    const next = root.dataset.bsTheme === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('theme', next);
    } catch {
      // Private windows keep nothing; the page still turns.
    }
    root.dataset.bsTheme = next;
  });
})();
