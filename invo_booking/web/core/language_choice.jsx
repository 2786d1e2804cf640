// Which language a page of customers is in. The place stays; the choice is remembered in
// this browser alone. words.js obeys the choice.
import { createElement as h } from "react";

const nothing = () => {};

export function LanguageChoice({ name, label, current, languages }) {
  const options = Object.entries(languages).map(([code, own]) => h("option", { key: code, value: code, lang: code }, own));
  return h(
    "span",
    { className: name },
    h("span", { className: "own", "aria-hidden": true }, languages[current]),
    h("span", { className: "code", "aria-hidden": true }, current.toUpperCase()),
    h("select", { "aria-label": label, value: current, onChange: nothing }, options),
  );
}
