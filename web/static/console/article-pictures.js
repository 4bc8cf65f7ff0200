// Pictures of an article: dragged here, pasted or chosen, and put in where the caret stands. Without
// this script the field sends them with the form, and they stand at the end of the text.
(() => {
  const box = document.querySelector('[data-pictures]');
  if (!box) return;
  const input = box.querySelector('input[type=file]');
  const told = box.querySelector('[data-told]');
  const area = document.getElementById(box.dataset.into);
  const { form } = input;
  for (const shown of box.querySelectorAll('[data-scripted]')) shown.hidden = false;
  for (const plain of box.querySelectorAll('[data-plain]')) plain.hidden = true;
  input.classList.add('visually-hidden');

  const next = window.taking.inTurn(form);

  function tell(words, isBad) {
    told.textContent = words;
    told.classList.toggle('text-danger', Boolean(isBad));
  }

  /** What the server says of it is the last word; this spares the way there. */
  function refused(file) {
    if (!box.dataset.kinds.split(',').includes(file.type)) return box.dataset.wrong;
    return file.size > Number(box.dataset.largest) * 1024 * 1024 ? box.dataset.large : '';
  }

  async function sent(file) {
    const body = new FormData();
    body.set('csrf_token', form.elements.csrf_token.value);
    body.append(input.name, file);
    const answer = await fetch(box.dataset.pictures, { method: 'POST', body });
    const isOurs = answer.headers.get('Content-Type')?.startsWith('application/json');
    return isOurs ? answer.json() : { marks: [], problem: box.dataset.failed };
  }

  const MARK = /!\[[^[\]\n]*\]\(picture:\d+\)/g;

  /** Where the caret stands; never within the mark of another picture. */
  function free() {
    const at = area.selectionEnd;
    for (const mark of area.value.matchAll(MARK)) {
      const end = mark.index + mark[0].length;
      if (at > mark.index && at < end) return area.value[end] === '\n' ? end + 1 : end;
    }
    return at;
  }

  /** In a line of its own; what it shows is chosen, so that typing says it better. */
  function put(mark) {
    const at = free();
    const before = area.value.slice(0, at);
    const line = before && !/\n[ \t]*$/.test(before) ? '\n' : '';
    area.focus();
    area.setRangeText(`${line}${mark}\n`, at, at, 'end');
    const words = at + line.length + 2; // behind ![
    area.setSelectionRange(words, words + mark.indexOf('](') - 2);
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  async function take(file) {
    let problem = refused(file);
    if (!problem) {
      tell(box.dataset.sending);
      const answer = await sent(file).catch(() => ({ marks: [], problem: box.dataset.failed }));
      answer.marks.forEach(put);
      problem = answer.problem;
    }
    tell(problem ? `${file.name}：${problem}` : box.dataset.done, problem);
  }

  function add(files) {
    for (const file of [...files].slice(0, Number(box.dataset.most))) {
      next(
        () => take(file),
        () => tell(box.dataset.failed, true),
      );
    }
  }

  input.addEventListener('change', () => {
    add(input.files);
    input.value = '';
  });
  window.taking.dropped(form, (isOver) => area.classList.toggle('is-over', isOver), add);
  area.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((each) => each.type.startsWith('image/'));
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });
})();
