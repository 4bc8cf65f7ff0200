// A call by keyboard alone: who (Enter), what, Ctrl+Enter. Nothing is kept before the form is sent.
(() => {
  const form = document.getElementById('call');
  if (!form) return;
  const who = document.getElementById('who');
  const list = document.getElementById('callers');
  const card = document.getElementById('card');
  const reading = document.getElementById('reading');
  const person = document.getElementById('person');
  const { name, department, phone, fault, place, device, category } = form.elements;

  // --- who calls --------------------------------------------------------------------------------

  let asked = 0; // the newest question's number: answers that were overtaken are dropped
  let isAwaited = false;
  let isEntered = false; // Enter came before the answer
  let timer = 0;

  const options = () => [...list.querySelectorAll('[data-person]')];
  const active = () => list.querySelector('[aria-selected=true]');

  function close() {
    list.hidden = true;
    who.setAttribute('aria-expanded', 'false');
    who.removeAttribute('aria-activedescendant');
  }

  function select(option) {
    for (const each of options()) each.setAttribute('aria-selected', String(each === option));
    if (option) {
      who.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    }
  }

  async function look() {
    const number = ++asked;
    const wanted = who.value.trim();
    if (!wanted) {
      isAwaited = false;
      close();
      return;
    }
    isAwaited = true;
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
    const option = active();
    if (option) choose(option);
    else somebodyNew();
  }

  async function choose(option) {
    const known = option.dataset;
    asked += 1;
    clearTimeout(timer);
    person.value = known.person;
    who.value = known.name;
    name.value = known.name;
    department.value = known.department;
    phone.value = known.phone;
    close();
    (department.value && phone.value ? fault : department.value ? phone : department).focus();
    const answer = await fetch(`/console/phone/caller/${known.person}`);
    if (!answer.ok || person.value !== known.person) return;
    card.innerHTML = await answer.text();
    const usual = card.querySelector('[data-place]')?.dataset.place;
    if (usual && !place.value) place.value = suggested = usual;
    offerDevices();
    read();
  }

  function somebodyNew() {
    const typed = who.value.trim();
    close();
    forget();
    if (/^[\d\s+()-]+$/.test(typed)) {
      phone.value = typed;
      name.focus();
    } else {
      name.value = typed;
      (typed ? department : name).focus();
    }
  }

  function forget() {
    if (!person.value) return;
    for (const each of [person, name, department, phone, place]) each.value = '';
    card.textContent = '';
    const empty = document.createElement('div');
    empty.className = 'card-body text-secondary';
    empty.textContent = card.dataset.empty;
    card.append(empty);
    offerDevices();
  }

  function offerDevices() {
    const first = device.options[0];
    device.replaceChildren(first);
    for (const each of card.querySelectorAll('[data-device]')) {
      device.add(new Option(`${each.dataset.deviceName} · ${each.dataset.device}`, each.dataset.device));
    }
  }

  who.addEventListener('input', () => {
    forget();
    clearTimeout(timer);
    isAwaited = true;
    timer = setTimeout(look, 120);
  });
  who.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (person.value) fault.focus();
      else if (isAwaited) isEntered = true;
      else enter();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const all = options();
      if (!all.length) return;
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      select(all[(all.indexOf(active()) + step + all.length) % all.length]);
    } else if (event.key === 'Escape') {
      close();
    }
  });
  who.addEventListener('blur', () => setTimeout(close, 150));
  list.addEventListener('mousedown', (event) => {
    const option = event.target.closest('[data-person]');
    if (!option) return;
    event.preventDefault();
    choose(option);
  });

  // --- what the words mean ----------------------------------------------------------------------

  let told = 0;
  let soon = 0;
  let suggested = ''; // a place that nobody typed gives way to the one that is said

  async function read() {
    if (!fault.value.trim()) return;
    const number = ++told;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch('/console/phone/reading', { method: 'POST', body });
      if (number !== told || !answer.ok || answer.redirected) return;
      reading.innerHTML = await answer.text();
    } catch {
      return; // no connection: the desk reads the words when the form comes
    }
    const meant = reading.querySelector('[data-place]')?.dataset.place;
    const isTyped = place.value && place.value !== suggested;
    if (!meant || isTyped || meant === place.value) return;
    const wasEmpty = !place.value;
    place.value = suggested = meant;
    if (!wasEmpty) read(); // who would go there may be another one
  }

  form.addEventListener('input', (event) => {
    if (event.target === who) return;
    clearTimeout(soon);
    soon = setTimeout(read, 250);
  });
  reading.addEventListener('click', (event) => {
    const kind = event.target.closest('[data-kind]');
    if (!kind) return;
    category.value = kind.dataset.kind;
    read();
  });
  card.addEventListener('click', (event) => {
    const chosen = event.target.closest('[data-device]');
    if (!chosen) return;
    device.value = chosen.dataset.device;
    if (chosen.dataset.devicePlace) place.value = chosen.dataset.devicePlace;
    read();
  });

  // --- done -------------------------------------------------------------------------------------

  const solved = document.getElementById('solved');
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      document.getElementById(solved.open ? 'solved-send' : 'dispatch').click();
    } else if (event.target.matches('input[type=text], input[type=tel], input[type=radio]')) {
      event.preventDefault(); // nothing is sent by an Enter too many
    }
  });
  solved.addEventListener('toggle', () => {
    if (solved.open) document.getElementById('cause').focus();
  });
  let isSent = false;
  form.addEventListener('submit', (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  addEventListener('pageshow', () => {
    isSent = false;
  });
  if (fault.value.trim()) read();
})();
