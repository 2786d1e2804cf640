// Which language a page of customers is in. The place stays; the choice is remembered in
// this browser alone.
import { createElement as h } from "react";
import { keep } from "../../kit/browser/storage.js";

export function LanguageChoice({ name, label, current, languages }) {
  const go = (event) => {
    const code = event.target.value;
    keep("localStorage", "language", code); // the address says it too
    location.assign(window.pageIn(code));
  };
  const options = Object.entries(languages).map(([code, own]) => h("option", { key: code, value: code, lang: code }, own));
  return h(
    "span",
    { className: name },
    h("span", { className: "own", "aria-hidden": true }, languages[current]),
    h("span", { className: "code", "aria-hidden": true }, current.toUpperCase()),
    h("select", { "aria-label": label, value: current, onChange: go }, options),
  );
}
