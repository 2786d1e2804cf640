// What makes something is pressed once: from the press until its answer it shows that
// it is under way, and takes no other press. `data-answer` changes with every answer.
const PATIENCE = 20000;

const isUnderWay = (part) => part.getAttribute("aria-busy") === "true";

function end(part) {
  part.removeAttribute("aria-busy");
}

function begin(part) {
  part.setAttribute("aria-busy", "true");
  setTimeout(() => end(part), PATIENCE);
}

function press(event) {
  const part = event.target.closest?.("[data-answer]");
  if (!part || (event.type === "click" && part.tagName === "FORM")) return;
  if (isUnderWay(part)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    begin(part);
  }
}

addEventListener("submit", press, true);
addEventListener("click", press, true);
addEventListener("pageshow", () => document.querySelectorAll("[data-answer]").forEach(end));
new MutationObserver((changes) => changes.forEach(({ target }) => end(target))).observe(document, {
  subtree: true,
  attributes: true,
  attributeFilter: ["data-answer"],
});
