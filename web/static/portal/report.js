// What is understood while somebody writes; what was typed is kept over a reload; a form goes once.
(() => {
  // --- what was typed stays -----------------------------------------------------------------------

  const key = (form) => `draft:${form.dataset.draft ?? form.id}`;
  const stored = (act) => {
    try {
      return act(sessionStorage);
    } catch {
      return null; // switched off, or full
    }
  };
  const fieldsOf = (form) =>
    [...form.elements].filter((field) => field.name && !['hidden', 'file'].includes(field.type));

  function keep(form) {
    const typed = {};
    for (const field of fieldsOf(form)) {
      if (field.type !== 'radio' || field.checked) typed[field.name] = field.value;
    }
    stored((store) => store.setItem(key(form), JSON.stringify(typed)));
  }

  function restore(form) {
    const typed = JSON.parse(stored((store) => store.getItem(key(form))) ?? '{}');
    for (const field of fieldsOf(form)) {
      if (!(field.name in typed)) continue;
      if (field.type === 'radio') field.checked = field.value === typed[field.name];
      else if (typed[field.name]) field.value = typed[field.name];
    }
  }

  for (const note of document.querySelectorAll('[data-done]')) {
    stored((store) => store.removeItem(`draft:${note.dataset.done}`));
  }
  for (const form of document.querySelectorAll('form#report, form[data-draft]')) {
    const isFilled = form.elements.fault?.defaultValue; // it came with words: those are newer
    if (!form.querySelector('[aria-invalid]') && !isFilled) restore(form);
    form.addEventListener('input', () => keep(form));
    if (isFilled) keep(form);
  }

  // --- what the words say ------------------------------------------------------------------------

  const WAITS = 400; // milliseconds without a key

  const place = document.querySelector('[data-hint]');
  if (place) {
    const form = place.closest('form');
    const { fault, category, place: where, urgency } = form.elements;
    const auto = category.options[0];
    const touched = new Set();
    let timer = 0;
    let asked = null;

    const read = () => {
      const found = place.querySelector('.hint__read');
      if (!found) return;
      auto.textContent = found.dataset.face;
      if (found.dataset.place && !touched.has('place')) where.value = found.dataset.place;
      if (found.dataset.urgency && !touched.has('urgency')) urgency.value = found.dataset.urgency;
    };
    const ask = async () => {
      asked?.abort();
      asked = new AbortController();
      const body = new FormData();
      body.set('csrf_token', form.elements.csrf_token.value);
      for (const field of [fault, where, category]) body.set(field.name, field.value);
      try {
        const answer = await fetch(place.dataset.hint, { method: 'POST', body, signal: asked.signal });
        if (!answer.ok) return;
        place.innerHTML = await answer.text();
        read();
      } catch {
        // Somebody types on, or the desk is away: the form works without a hint.
      }
    };
    form.addEventListener('input', (event) => {
      if (event.target !== fault) touched.add(event.target.name);
      if (![fault, where, category].includes(event.target)) return;
      clearTimeout(timer);
      if (!event.isComposing) timer = setTimeout(ask, WAITS);
    });
    fault.addEventListener('compositionend', () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAITS);
    });
    if (!place.querySelector('.hint__read') && fault.value) ask();
    else read();
  }

  // --- Enter sends the one field of the start page; Shift+Enter is a new line ----------------------

  for (const field of document.querySelectorAll('[data-sent-by-enter]')) {
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (field.value.trim()) field.form.requestSubmit();
    });
  }

  // --- a form is sent once -----------------------------------------------------------------------

  const AGAIN_AFTER = 8000; // milliseconds: who lost the net may try again
  for (const form of document.querySelectorAll('form[method=post]')) {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = 'yes';
      setTimeout(() => delete form.dataset.sent, AGAIN_AFTER);
    });
  }
})();
