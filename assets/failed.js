// What is shown when the browser's part of a page fails: a sentence and a way on. It
// needs nothing of the page, for whatever the page is made of may be what failed.
(() => {
  "use strict"; // names of scripts that are no modules are those of the whole page

  // The first segments of staff pages' addresses; part of each page's document.
  const staff = document.querySelector('meta[name="staff-pages"]')?.content.split(" ") ?? [];

  const word = (key) => window.word?.(key) ?? key;

  function made(name, words, facts = {}) {
    const element = document.createElement(name);
    element.textContent = words;
    return Object.assign(element, facts);
  }

  function wayBack() {
    const [, first] = location.pathname.split("/");
    return staff.includes(first)
      ? made("a", word("failed.to_calendar"), { href: "/bookings" })
      : made("a", word("failed.to_start"), { href: "/" });
  }

  function show() {
    if (document.querySelector(".failed")) return;
    const box = made("div", "", { className: "failed", role: "alert", tabIndex: -1 });
    const text = made("div", "");
    const acts = made("p", "");
    const again = made("button", word("failed.reload"), { type: "button" });
    again.addEventListener("click", () => location.reload());
    acts.append(again, wayBack());
    text.append(
      made("h1", word("failed.heading")),
      made("p", word("failed.what")),
      made("p", word("failed.now")),
      acts,
    );
    box.append(text);
    document.body.append(box);
    for (const other of document.body.children) if (other !== box) other.inert = true;
    box.focus();
  }

  // A part that cannot be drawn; failed.jsx tells.
  addEventListener("invo:failed", show);

  // A part that cannot be loaded, as when it was replaced by a newer one meanwhile, or
  // that cannot be read. Each browser has its own words for the former.
  const UNLOADED = /dynamically imported module|importing a module script failed/i;

  function isUnloaded(error) {
    const isUnreadable = error instanceof SyntaxError && !error.message.includes("JSON");
    return isUnreadable || UNLOADED.test(error?.message ?? "");
  }

  // Something of ours that threw while it answered a press. The page stays, and so does
  // what was typed. The notice goes with the next press.
  const notice = made(
    "div",
    word("failed.press"),
    { className: "line-notice lost", role: "alert" },
  );

  function isOurs({ error, filename }) {
    return error instanceof Error && filename.startsWith(`${location.origin}/`);
  }

  // A rejected promise names no file: the first address in its stack says whose script
  // it was. What was broken off on purpose is no failure.
  function isRejectedByUs(reason) {
    if (!(reason instanceof Error) || reason.name === "AbortError") return false;
    const stack = (reason.stack ?? "").replace(reason.message, "");
    return /[\w-]+:\/\/[^/\s]+/.exec(stack)?.[0] === location.origin;
  }

  function warn() {
    if (!document.querySelector(".failed")) document.body.append(notice);
  }

  addEventListener("click", () => notice.remove(), true);
  addEventListener("submit", () => notice.remove(), true);
  addEventListener("vite:preloadError", show);
  addEventListener("unhandledrejection", ({ reason }) => {
    if (isUnloaded(reason)) show();
    else if (isRejectedByUs(reason)) warn();
  });
  addEventListener(
    "error",
    (event) => {
      const { target, error } = event;
      const isNeeded = target instanceof HTMLScriptElement && !("optional" in target.dataset);
      if (isNeeded || isUnloaded(error)) show();
      else if (target === window && isOurs(event)) warn();
    },
    true,
  );
})();
