// Knows what is typed or chosen and not saved, and asks before it goes.
//
// A form with `data-unsaved` is compared with what it showed when somebody first came
// into it; an element with `data-changed` tells what the server knows to be changed.
// Whatever would throw it away goes through `leave`.
const shown = new WeakMap(); // of each form: what is not asked about
const dropped = new WeakMap(); // of each element with `data-changed`: likewise
const sent = new WeakSet();
const KINDS = ["hidden", "submit", "button"];
const WRITTEN = ["text", "textarea", "email", "tel", "search", "password", "file"];
let question = null;

const fieldsOf = (form) => [...form.elements].filter((one) => one.name && !KINDS.includes(one.type));
const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
// Radios and boxes share their names.
const keyOf = (field) => (["checkbox", "radio"].includes(field.type) ? `${field.name}=${field.value}` : field.name);
const valuesOf = (form) => new Map(fieldsOf(form).map((field) => [keyOf(field), valueOf(field)]));

function isChanged(form) {
  const before = shown.get(form);
  if (!before) return false;
  return fieldsOf(form).some((field) =>
    before.has(keyOf(field)) ? before.get(keyOf(field)) !== valueOf(field) : WRITTEN.includes(field.type) && field.value !== "",
  );
}

const isTold = (part) => part.dataset.changed !== "" && dropped.get(part) !== part.dataset.changed;

// Call it before anybody can have typed into the form.
export function remember(target) {
  const form = target.closest?.("form[data-unsaved]");
  if (form && !shown.has(form)) shown.set(form, valuesOf(form));
}

// What would be lost: forms and elements that tell. `stays`: the page does, its address
// changes. `afterSaving`: what was sent last is not lost, for its answer leads away.
// `only`: the id of the one form that would be lost.
export function unsaved({ stays = false, afterSaving = false, only = "" } = {}) {
  const kinds = stays ? ["address"] : ["address", "page"];
  const forms = document.querySelectorAll(kinds.map((kind) => `form[data-unsaved="${kind}"]`));
  const all = [
    ...[...document.querySelectorAll("[data-changed]")].filter(isTold),
    ...[...forms].filter((form) => isChanged(form) && !(afterSaving && sent.has(form))),
  ];
  return only ? all.filter((part) => part.id === only) : all;
}

export const isTyped = () => unsaved().length > 0;

// Sent by the browser itself: the next page is the answer, and nothing is asked.
export function send(form, isPlain) {
  sent.add(form);
  if (isPlain && shown.has(form)) shown.set(form, valuesOf(form));
}

// Forgets what is unsaved, once somebody says so: all, or one form `only`.
export function drop(only) {
  unsaved({ only }).forEach((part) =>
    part.dataset.changed ? dropped.set(part, part.dataset.changed) : shown.set(part, valuesOf(part)),
  );
}

// Who asks: a function that is given what to do once somebody says so, and what is lost.
export function askWith(asked) {
  question = asked;
  return () => {
    question = null;
  };
}

// Does it at once if nothing would be lost, and else when somebody says so.
export function leave(proceed, how) {
  if (question && unsaved(how).length > 0) question(proceed, how?.only);
  else proceed();
}
