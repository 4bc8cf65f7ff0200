// Photos and files of a form: chosen, dragged here, or pasted; seen before they are sent, and taken
// out again. `data-kinds`: endings of the documents that are taken beside photos.
// The plain field holds them all the while, so that the form sends what is shown.
(() => {
  const LARGE = 1.5 * 1024 * 1024; // bytes: what is smaller travels as it is, so that text stays sharp
  const LONGEST = 2000; // pixels of a large one's longer side
  const QUALITY = 0.85;

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

  async function smaller(file) {
    const image = file.size > LARGE ? await drawn(file) : null;
    if (!image) return file;
    const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff'; // a JPEG has no see-through
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((made) => canvas.toBlob(made, 'image/jpeg', QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.[^.]*$/, '') + '.jpg', { type: 'image/jpeg' });
  }

  const isImage = (file) => file.type.startsWith('image/');
  const ending = (file) => file.name.split('.').pop().toLowerCase();

  for (const box of document.querySelectorAll('[data-files]')) {
    const input = box.querySelector('input[type=file]');
    const list = box.querySelector('.files__list');
    const told = box.querySelector('.files__told');
    const drop = box.querySelector('.files__drop');
    const form = input.form;
    const kinds = (box.dataset.kinds ?? '').split(' ').filter(Boolean);
    let held = [];
    let making = Promise.resolve();
    let under = 0; // additions that are not ready yet
    for (const shown of box.querySelectorAll('.files__how, .files__pick')) shown.hidden = false;
    drop.classList.add('is-ready');
    input.classList.add('visually-hidden'); // its own button says little: ours stands in for it

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
      under += 1;
      making = making
        .then(() => taken(added))
        .catch(() => {})
        .finally(() => {
          under -= 1;
        });
    }

    async function taken(files) {
      told.textContent = '';
      const largest = Number(told.dataset.largest) * 1024 * 1024;
      const largestFile = Number(told.dataset.largestFile) * 1024 * 1024;
      for (const file of files) {
        if (!isImage(file) && !kinds.includes(ending(file))) told.textContent = told.dataset.wrong;
        else if (held.length >= Number(told.dataset.most)) told.textContent = told.dataset.many;
        else {
          const light = isImage(file) ? await smaller(file) : file;
          if (light.size > (isImage(file) ? largest : largestFile)) told.textContent = told.dataset.large;
          else held.push(light);
        }
      }
      put();
    }

    input.addEventListener('change', () => add(input.files));
    const over = (isOver) => drop.classList.toggle('is-over', isOver);
    form.addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      over(true);
    });
    form.addEventListener('dragleave', (event) => {
      if (!form.contains(event.relatedTarget)) over(false);
    });
    form.addEventListener('drop', (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      over(false);
      add(event.dataTransfer.files);
    });
    addEventListener('paste', (event) => {
      const files = event.clipboardData?.files;
      if (!files?.length) return;
      event.preventDefault();
      add(named(files));
    });
    form.addEventListener('submit', (event) => {
      if (!under) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      // Not at once: a form that is being sent cannot be sent.
      making.then(() => setTimeout(() => form.requestSubmit(submitter)));
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
