// A form with files is sent beside the page: one sees how far it is and can stop it, and whatever
// goes wrong is said here, with everything that was typed and chosen still in its place.
// Without this script, and where nothing was chosen, the browser sends it as ever.
(() => {
  for (const bar of document.querySelectorAll('.files__going')) {
    const form = bar.closest('form');
    const told = bar.querySelector('[role=status]');
    const progress = bar.querySelector('progress');
    const stop = bar.querySelector('button');
    let under = null;
    form.append(bar); // below its button, where the eye is

    function say(words, isBad = false) {
      told.textContent = words;
      told.classList.toggle('is-bad', isBad);
      bar.hidden = false;
    }

    function send(submitter) {
      under = new XMLHttpRequest(); // it alone tells how much has gone
      const body = new FormData(form);
      if (submitter?.name) body.append(submitter.name, submitter.value);
      const request = under;
      request.open('POST', form.action);
      request.responseType = 'document';
      request.upload.onprogress = (event) => moved(event.loaded / (event.total || 1));
      request.onload = () => answered(request);
      request.onerror = () => end(bar.dataset.failed);
      request.onabort = () => end(bar.dataset.stopped);
      progress.hidden = stop.hidden = false;
      moved(0);
      say(bar.dataset.sending);
      request.send(body);
    }

    function moved(part) {
      progress.value = part;
      if (part === 1) {
        say(bar.dataset.keeping);
        stop.hidden = true; // what has arrived is taken
      }
    }

    function end(words) {
      under = null;
      progress.hidden = stop.hidden = true;
      say(words, true);
    }

    stop.addEventListener('click', () => under?.abort());

    function answered(request) {
      if (request.responseURL !== form.action) return location.assign(request.responseURL);
      const page = request.response;
      const problems = page?.querySelectorAll('form [id$="-problem"]') ?? [];
      if (request.status === 400 && problems.length) return put([...problems]);
      const words = [...(page?.querySelectorAll('.told h1, .told h1 + p, .empty h1, .empty h1 + p') ?? [])];
      if (request.status === 401 || !words.length) return form.submit(); // that has a page of its own
      const token = page.querySelector('[name=csrf_token]');
      if (token) form.elements.csrf_token.value = token.value;
      end(words.map((each) => each.textContent).join('：'));
    }

    /** What is wrong, at the fields; what was chosen need not be chosen again. */
    function put(problems) {
      for (const old of form.querySelectorAll('[id$="-problem"]')) old.remove();
      for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
      for (const problem of problems.filter((each) => !('again' in each.dataset))) {
        const field = form.elements[problem.id.replace('-problem', '')];
        if (!field) continue;
        const one = field.tagName ? field : field[0]; // of several to choose from
        one.setAttribute('aria-invalid', 'true');
        one.closest('details')?.setAttribute('open', '');
        one.closest('.field, .mb-3').append(problem);
      }
      end(bar.dataset.wrong);
      form.querySelector('[aria-invalid]')?.focus();
    }

    form.addEventListener('submit', (event) => {
      const chosen = form.querySelector('[data-files] input[type=file][name]').files;
      if (event.defaultPrevented || !(chosen.length || under)) return;
      event.preventDefault();
      if (!under) send(event.submitter);
    });
  }
})();
