// What all forms that take files do alike. It is loaded before the scripts of the forms.
window.taking = {
  /** `add(files)` with what is dropped on the form; `over(isOver)` while something is above it. */
  dropped(form, over, add) {
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
  },

  /** `next(make)`: one after the other, and the form is not sent before all of them are made. */
  inTurn(form) {
    let making = Promise.resolve();
    let under = 0; // that are not ready yet
    form.addEventListener('submit', (event) => {
      if (!under) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      // Not at once: a form that is being sent cannot be sent.
      making.then(() => setTimeout(() => window.taking.again(form, submitter)));
    });
    return (make, failed = () => {}) => {
      under += 1;
      making = making
        .then(make)
        .catch(failed)
        .finally(() => {
          under -= 1;
        });
    };
  },

  /** As if its button were pressed once more. */
  again(form, submitter) {
    if (form.requestSubmit) form.requestSubmit(submitter);
    else (submitter ?? form.querySelector('[type=submit]')).click(); // iOS before 16
  },
};
