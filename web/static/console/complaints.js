// Complaints: what is typed survives a reload, points follow the verdict, a word of warning where
// words for whom it concerns give somebody away. Without this script each form works as well.
(() => {
  const page = document.querySelector('.case');

  // --- one complaint ------------------------------------------------------------------------------

  if (page) {
    const place = (field) => `complaint.${page.dataset.complaint}.${field.name}`;
    const kept = [...page.querySelectorAll('[data-keep]')];
    const store = (act) => {
      try {
        return act(sessionStorage);
      } catch {
        return null; // nothing is kept in a private window
      }
    };
    const isRefused = page.querySelector('.is-invalid') !== null;
    if (page.dataset.done) kept.forEach((field) => store((all) => all.removeItem(place(field))));
    for (const field of kept) {
      const typed = store((all) => all.getItem(place(field)));
      if (typed && !isRefused && !page.dataset.done) field.value = typed;
      field.addEventListener('input', () => store((all) => all.setItem(place(field), field.value)));
    }

    const charges = document.getElementById('charges');
    const verdicts = [...page.querySelectorAll('[data-points]')];
    const numbers = charges ? [...charges.querySelectorAll('input[type=number]')] : [];
    const usual = new Set(verdicts.map((each) => each.dataset.points));
    function follow(verdict) {
      charges?.classList.toggle('is-idle', verdict.value === 'not_upheld');
      for (const each of numbers) {
        if (!each.value || usual.has(each.value)) each.value = verdict.dataset.points;
      }
    }
    for (const each of verdicts) each.addEventListener('change', () => follow(each));

    const marks = (charges?.dataset.marks ?? '').split('|').filter(Boolean);
    const stands = (mark, words) =>
      /^\d+$/.test(mark)
        ? new RegExp(`(?<!\\d)${mark}(?!\\d)`).test(words)
        : words.includes(mark);
    function warn(field) {
      const told = marks.find((mark) => stands(mark, field.value));
      const words = told ? charges.dataset.warn.replace('{}', told) : '';
      const place = document.getElementById(`told-warning-${field.name.split('_')[1]}`);
      if (place.textContent !== words) place.textContent = words;
    }
    for (const field of page.querySelectorAll('[data-told]')) {
      field.addEventListener('input', () => warn(field));
      warn(field);
    }

    for (const box of page.querySelectorAll('[data-filter]')) {
      const list = document.getElementById(box.dataset.filter);
      box.hidden = list.children.length < 8;
      box.addEventListener('input', () => {
        const wanted = box.value.trim().toLowerCase();
        for (const each of list.children) {
          const isTicked = each.querySelector('input').checked;
          each.hidden = !isTicked && !each.dataset.name.toLowerCase().includes(wanted);
        }
      });
      box.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') event.preventDefault();
      });
    }

    const look = document.getElementById('look-dialog');
    document.addEventListener('click', (event) => {
      const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      const picture = event.target.closest?.('a[data-look]');
      if (picture && isPlain) {
        event.preventDefault();
        look.querySelector('[data-look-image]').src = picture.href;
        look.showModal();
      }
      if (event.target.closest?.('[data-look-close]') || event.target === look) look.close();
      const copy = event.target.closest?.('[data-copy]');
      if (copy) copyNumber(copy);
    });

    async function copyNumber(button) {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
      } catch {
        return; // not allowed: the number can be marked by hand
      }
      const toast = document.createElement('div');
      toast.className = 'toast-words c-toast';
      toast.textContent = button.dataset.copied;
      document.getElementById('toasts')?.append(toast);
      setTimeout(() => toast.remove(), 2500);
    }

    for (const toast of document.querySelectorAll('[data-toast]')) {
      setTimeout(() => toast.classList.add('is-over'), 4000);
    }
    if (isRefused) page.querySelector('.is-invalid').focus();
  }

  // --- on the phone -------------------------------------------------------------------------------

  const form = document.getElementById('complaint-new');
  if (form) {
    const who = document.getElementById('who');
    const list = document.getElementById('callers');
    const person = document.getElementById('person');
    const about = document.getElementById('about');
    const { name, department, phone, words } = form.elements;
    let asked = 0; // answers that were overtaken are dropped
    let timer = 0;
    let isAwaited = false;
    let isEntered = false; // Enter came before the answer
    const options = () => [...list.querySelectorAll('[data-person]')];
    const active = () => list.querySelector('[aria-selected=true]');

    function close() {
      list.hidden = true;
      who.setAttribute('aria-expanded', 'false');
      who.removeAttribute('aria-activedescendant');
    }

    function select(option) {
      for (const each of options()) each.setAttribute('aria-selected', String(each === option));
      if (!option) return;
      who.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    }

    async function look() {
      const number = ++asked;
      const wanted = who.value.trim();
      if (!wanted) {
        isAwaited = false;
        return close();
      }
      try {
        const answer = await fetch(`/console/phone/callers?q=${encodeURIComponent(wanted)}`);
        if (number !== asked || !answer.ok || answer.redirected) return;
        list.innerHTML = await answer.text();
        list.hidden = false;
        who.setAttribute('aria-expanded', 'true');
        select(options()[0]);
      } catch {
        close(); // no connection: name and number can still be typed
      } finally {
        if (number === asked) isAwaited = false;
      }
      if (isEntered && number === asked) enter();
    }

    function enter() {
      isEntered = false;
      if (active()) choose(active());
      else somebodyNew();
    }

    async function choose(option) {
      const known = option.dataset;
      asked += 1;
      clearTimeout(timer);
      person.value = known.person;
      who.value = name.value = known.name;
      department.value = known.department;
      phone.value = known.phone;
      close();
      const answer = await fetch(`/console/complaints/new/card/${known.person}`);
      if (!answer.ok || person.value !== known.person) return;
      about.innerHTML = await answer.text();
      (about.querySelector('input[type=radio]') ?? words).focus();
    }

    function somebodyNew() {
      const typed = who.value.trim();
      close();
      if (person.value) person.value = '';
      const isNumber = /^[\d\s+()-]+$/.test(typed);
      (isNumber ? phone : name).value = typed;
      (isNumber ? name : department).focus();
    }

    who.addEventListener('input', () => {
      person.value = '';
      clearTimeout(timer);
      isAwaited = true;
      timer = setTimeout(look, 120);
    });
    who.addEventListener('keydown', (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      const all = options();
      if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        if (person.value) words.focus();
        else if (isAwaited) isEntered = true;
        else enter();
      } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && all.length) {
        event.preventDefault();
        const step = event.key === 'ArrowDown' ? 1 : -1;
        select(all[(all.indexOf(active()) + step + all.length) % all.length]);
      } else if (event.key === 'Escape') close();
    });
    who.addEventListener('blur', () => setTimeout(close, 150));
    list.addEventListener('mousedown', (event) => {
      const option = event.target.closest('[data-person]');
      if (!option) return;
      event.preventDefault();
      choose(option);
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) {
        event.preventDefault();
        document.getElementById('register').click();
      }
    });
  }

  // --- nothing is sent twice by a second press ----------------------------------------------------

  for (const each of document.querySelectorAll('.case form, #complaint-new')) {
    let isSent = false;
    each.addEventListener('submit', (event) => {
      if (isSent) event.preventDefault();
      isSent = true;
    });
    addEventListener('pageshow', () => {
      isSent = false;
    });
  }
})();
