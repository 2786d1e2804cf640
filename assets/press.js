// What makes something is pressed once: from the press until its answer it shows that
// it is under way, and takes no other press. `data-answer` changes with every answer. If
// none comes in time, it says so and may be pressed again.
const PATIENCE = 20000;
const UNANSWERED = window.word("press.unanswered");
const notice = document.createElement("div");
notice.className = "line-notice lost";
notice.setAttribute("role", "alert");
const timers = new WeakMap(); // of each part that is under way

const isUnderWay = (part) => part.getAttribute("aria-busy") === "true";

function end(part) {
  clearTimeout(timers.get(part));
  part.removeAttribute("aria-busy");
}

function complain(part) {
  end(part);
  if (!part.isConnected) return;
  notice.textContent = UNANSWERED;
  document.body.append(notice);
}

function begin(part) {
  notice.remove();
  part.setAttribute("aria-busy", "true");
  timers.set(part, setTimeout(() => complain(part), PATIENCE));
}

// The answer, late or not, is on the page.
function answered(part) {
  end(part);
  notice.remove();
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
addEventListener("pageshow", () => document.querySelectorAll("[data-answer]").forEach(answered));
new MutationObserver((changes) => changes.forEach(({ target }) => answered(target))).observe(document, {
  subtree: true,
  attributes: true,
  attributeFilter: ["data-answer"],
});

// What is chosen looks pressed at once; the answer to the press takes over. To a choice
// that stands already nothing changes, so there is no answer to wait for.
const CHOICES = ".public :is(.chip, .day, .slot, .topic, .next)";
const LATEST = 8000; // until what waits for an answer can be pressed again
const pressed = () => document.querySelectorAll("[data-pressed]");
const forget = () => pressed().forEach((part) => part.removeAttribute("data-pressed"));

addEventListener("click", (event) => {
  const choice = event.target.closest?.(`${CHOICES}:is(a, button)`);
  if (!choice || event.ctrlKey || event.metaKey || event.shiftKey) return;
  forget();
  if (choice.getAttribute("aria-pressed") === "true") return;
  choice.setAttribute("data-pressed", "");
  setTimeout(() => choice.removeAttribute("data-pressed"), LATEST);
});
addEventListener("pageshow", forget);
new MutationObserver(() => pressed().length && forget()).observe(document, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["aria-pressed"],
});
