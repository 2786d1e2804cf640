// Knows whether something is typed into a form and not saved, and asks before it goes.
//
// A form with `data-unsaved` is compared with what it showed when somebody first came
// into it. Whatever would throw it away goes through `leave`.
const shown = new WeakMap();
const KINDS = ["hidden", "submit", "button"];
const WRITTEN = ["text", "textarea", "email", "tel", "search"];
let question = null;

const fieldsOf = (form) => [...form.elements].filter((one) => one.name && !KINDS.includes(one.type));
const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);

function isChanged(form) {
  const before = shown.get(form);
  if (!before) return false;
  return fieldsOf(form).some((field) =>
    before.has(field.name) ? before.get(field.name) !== valueOf(field) : WRITTEN.includes(field.type) && field.value !== "",
  );
}

// Call it before anybody can have typed into the form.
export function remember(target) {
  const form = target.closest?.("form[data-unsaved]");
  if (!form || shown.has(form)) return;
  shown.set(form, new Map(fieldsOf(form).map((field) => [field.name, valueOf(field)])));
}

export const isTyped = () => [...document.querySelectorAll("form[data-unsaved]")].some(isChanged);

// Who asks: a function that is given what to do once somebody says so.
export function askWith(asked) {
  question = asked;
  return () => {
    question = null;
  };
}

// Does it at once if nothing would be lost, and else when somebody says so.
export function leave(proceed) {
  if (question && isTyped()) question(proceed);
  else proceed();
}
