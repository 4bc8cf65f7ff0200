// Photos and files of a form: chosen, dragged here, or pasted; seen before they are sent, and taken
// out again. `data-kinds`: endings of the documents that are taken beside photos.
// The plain field holds them all the while, so that the form sends what is shown.
(() => {
  // A photo is made so small that letters on it can still be read.
  const AT_DESK = { from: 1.5 * 1024 * 1024, longest: 2000, quality: 0.85 }; // bytes, pixels
  const ON_PHONE = { from: 0, longest: 1600, quality: 0.8 }; // where each megabyte is paid for
  const MEGABYTE = 1024 * 1024;

  const drawn = (file) =>
    new Promise((done) => {
      const address = URL.createObjectURL(file);
      const image = new Image();
      const end = (result) => {
        URL.revokeObjectURL(address);
        done(result);
      };
      image.onerror = () => end(null);
      image.onload = () => end(image);
      image.src = address;
    });

  async function smaller(file, wanted) {
    const image = file.size > wanted.from ? await drawn(file) : null;
    if (!image) return file;
    const scale = Math.min(1, wanted.longest / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff'; // a JPEG has no see-through
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((made) => canvas.toBlob(made, 'image/jpeg', wanted.quality));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.[^.]*$/, '') + '.jpg', { type: 'image/jpeg' });
  }

  const isImage = (file) => file.type.startsWith('image/');
  const ending = (file) => file.name.split('.').pop().toLowerCase();

  /** A browser that lets nobody put files into a field keeps the plain one. */
  function canCarry() {
    try {
      return Boolean(new DataTransfer());
    } catch {
      return false;
    }
  }

  for (const box of canCarry() ? document.querySelectorAll('[data-files]') : []) {
    const input = box.querySelector('input[type=file][name]');
    const more = box.querySelector('.files__more'); // documents, where photos have a button of their own
    const list = box.querySelector('.files__list');
    const told = box.querySelector('.files__told');
    const drop = box.querySelector('.files__drop');
    const form = input.form;
    const next = window.taking.inTurn(form);
    const wanted = 'onPhone' in box.dataset ? ON_PHONE : AT_DESK;
    const kinds = (box.dataset.kinds ?? '').split(' ').filter(Boolean);
    const most = (name) => Number(told.dataset[name]) * MEGABYTE;
    let held = [];
    for (const shown of box.querySelectorAll('.files__how, .files__pick')) shown.hidden = false;
    drop.classList.add('is-ready');
    for (const own of [input, more].filter(Boolean)) {
      own.hidden = false;
      own.classList.add('visually-hidden', 'unseen'); // its own button says little: ours stands in for it
    }
    if (more) input.accept = 'image/*';

    function put() {
      const carrier = new DataTransfer();
      for (const file of held) carrier.items.add(file);
      input.files = carrier.files;
      list.replaceChildren(...held.map(shown));
      list.hidden = !held.length;
    }

    function shown(file) {
      const item = document.createElement('li');
      const face = isImage(file) ? picture(file) : kind(file);
      const remove = document.createElement('button');
      remove.type = 'button';
      remove.setAttribute('aria-label', `${told.dataset.remove} ${file.name}`);
      const cross = document.createElement('span');
      cross.textContent = '×';
      remove.append(cross);
      remove.addEventListener('click', () => {
        held = held.filter((each) => each !== file);
        told.textContent = '';
        put();
        (list.querySelector('button') ?? input).focus();
      });
      const name = document.createElement('small');
      name.textContent = file.name;
      item.append(face, remove, name);
      return item;
    }

    function picture(file) {
      const image = document.createElement('img');
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      image.onload = () => URL.revokeObjectURL(image.src);
      return image;
    }

    function kind(file) {
      const sign = document.createElement('span');
      sign.className = 'files__kind';
      sign.setAttribute('aria-hidden', 'true');
      sign.textContent = ending(file);
      return sign;
    }

    function add(files) {
      const added = [...files];
      box.closest('details')?.setAttribute('open', ''); // pasted while it was folded: it is seen
      next(() => taken(added));
    }

    async function taken(files) {
      told.textContent = '';
      for (const file of files) {
        const light = isImage(file) ? await smaller(file, wanted) : file;
        const problem = refused(light);
        if (problem) told.textContent = problem;
        else held.push(light);
      }
      put();
    }

    /** Why it is not taken; what the server says of it is the last word, this spares the way there. */
    function refused(file) {
      const { wrong, many, large, together } = told.dataset;
      const sum = held.reduce((bytes, each) => bytes + each.size, file.size);
      if (!isImage(file) && !kinds.includes(ending(file))) return wrong;
      if (held.length >= Number(told.dataset.most)) return many;
      if (file.size > most(isImage(file) ? 'largest' : 'largestFile')) return large;
      return sum > most('mostTogether') ? together : '';
    }

    input.addEventListener('change', () => add(input.files));
    more?.addEventListener('change', () => {
      add(more.files);
      more.value = ''; // the same one may be chosen again
    });
    window.taking.dropped(form, (isOver) => drop.classList.toggle('is-over', isOver), add);
    addEventListener('paste', (event) => {
      const files = event.clipboardData?.files;
      if (!files?.length) return;
      event.preventDefault();
      add(named(files));
    });
  }

  // Each pasted picture is called image.png: a number tells them apart.
  let pasted = 0;
  function named(files) {
    return [...files].map((file) => {
      pasted += 1;
      return new File([file], file.name.replace(/(\.[^.]*)?$/, `-${pasted}$1`), { type: file.type });
    });
  }
})();
