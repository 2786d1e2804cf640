// What the server wrote into this page's HTML about the institution. While the pages
// are built nothing is known: the HTML gets a mark in its place, which the server
// replaces in every answer. So the text is there before any script, and what is drawn
// first in the browser is exactly what stands there.
const written =
  typeof document === "undefined" ? null : document.querySelector('meta[name="facts"]');
const facts = read(written?.content ?? "{}");

// Facts that cannot be read come a little later, with the page's state.
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

export function fact(name) {
  return typeof document === "undefined" ? `{{${name}}}` : (facts[name] ?? "");
}
