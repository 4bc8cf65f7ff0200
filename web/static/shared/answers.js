// Known answers: looked for while somebody writes, opened in place, judged. Nothing waits for them.
(() => {
  const WAITS = 400; // milliseconds without a key
  const LEAST = 3; // characters

  function later(field, act) {
    let timer = 0;
    const start = () => {
      clearTimeout(timer);
      timer = setTimeout(act, WAITS);
    };
    field.addEventListener('input', (event) => event.isComposing || start());
    field.addEventListener('compositionend', start);
  }

  async function asked(address, options) {
    try {
      const answer = await fetch(address, options);
      return answer.ok && !answer.redirected ? await answer.text() : null;
    } catch {
      return null; // typed on, or the desk is away: the page works without
    }
  }

  function sent(form, facts) {
    const body = new FormData();
    body.set('csrf_token', form.elements.csrf_token.value);
    for (const [name, value] of Object.entries(facts)) body.set(name, value);
    return { method: 'POST', body };
  }

  // What is open stays open while the same answers are found.
  function put(place, html) {
    const told = document.createElement('template');
    told.innerHTML = html;
    const numbers = (node) => node.querySelector('[data-numbers]')?.dataset.numbers ?? '';
    if (numbers(told.content) !== numbers(place)) place.replaceChildren(told.content);
  }

  // --- beside a report that is being written -----------------------------------------------------

  for (const place of document.querySelectorAll('[data-answers]')) {
    const form = place.closest('form') ?? document.getElementById('call');
    const { fault } = form.elements;
    let number = 0;
    const ask = async () => {
      const mine = ++number;
      const words = fault.value.trim();
      const html = words.length < LEAST ? '' : await asked(place.dataset.answers, sent(form, { fault: words }));
      if (html !== null && mine === number) put(place, html);
    };
    later(fault, ask);
    if (fault.value.trim() && !form.elements.use?.value) ask();
  }

  // --- opened in place ---------------------------------------------------------------------------

  document.addEventListener(
    'toggle',
    async (event) => {
      const one = event.target;
      if (!one.matches?.('details[data-answer]') || !one.open || one.dataset.told) return;
      one.dataset.told = 'yes';
      const form = one.closest('form') ?? document.getElementById('call');
      const html = await asked(one.dataset.answer, sent(form, { fault: form.elements.fault.value.trim() }));
      if (html === null) {
        delete one.dataset.told;
        one.open = false;
        return;
      }
      const told = one.querySelector('.answers__told');
      told.innerHTML = html;
      const use = told.querySelector('[data-use]')?.dataset.use;
      if (use && form.elements.use) form.elements.use.value = use;
    },
    true,
  );

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-outcome]');
    const ways = button?.closest('[data-use]');
    if (!ways) return;
    const form = button.closest('form');
    const facts = { use: ways.dataset.use, outcome: button.dataset.outcome, request_key: ways.dataset.key };
    ways.hidden = true;
    for (const word of ways.parentElement.querySelectorAll('[data-for]')) {
      word.hidden = word.dataset.for !== button.dataset.outcome;
    }
    await fetch(ways.dataset.said, { ...sent(form, facts), redirect: 'manual' }).catch(() => {});
  });

  // --- the search of the knowledge base ----------------------------------------------------------

  for (const field of document.querySelectorAll('[data-suggests]')) {
    const place = document.querySelector('[data-suggested]');
    let number = 0;
    later(field, async () => {
      const mine = ++number;
      const html = await asked(`${field.dataset.suggests}?q=${encodeURIComponent(field.value.trim())}`);
      if (html === null || mine !== number) return;
      const page = new DOMParser().parseFromString(html, 'text/html');
      place.replaceChildren(...page.querySelector('[data-suggested]').childNodes);
    });
  }
})();
