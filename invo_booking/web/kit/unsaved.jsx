// The question before typed text is thrown away, whatever would throw it away: a button
// with `data-discards`, a link, a key, the calendar, the Back button.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useBlocker } from "react-router";
import { askWith, isTyped, leave, remember } from "./unsaved.js";

const OPENS = ["a", "new"]; // of the address: another appointment, or a new one

function leads(anchor) {
  if (!anchor.href || anchor.target === "_blank" || anchor.origin !== window.location.origin) return false;
  const there = new URL(anchor.href);
  if (there.pathname !== window.location.pathname) return true;
  return OPENS.some((name) => there.searchParams.has(name));
}

function discards(target) {
  const pressed = target.closest?.("[data-discards], a[href]");
  if (!pressed || pressed.hasAttribute("data-discards")) return pressed;
  return leads(pressed) ? pressed : null;
}

export function Unsaved() {
  const [isOpen, setOpen] = useState(false);
  const box = useRef(null);
  const waiting = useRef(null); // what is done once somebody says so
  const passes = useRef(false); // while it is done
  const blocker = useBlocker(
    ({ currentLocation, nextLocation, historyAction }) =>
      historyAction === "POP" && currentLocation.pathname !== nextLocation.pathname && !passes.current && isTyped(),
  );
  const held = useRef(blocker);
  held.current = blocker;

  const ask = (proceed) => {
    waiting.current = proceed;
    setOpen(true);
  };

  const keep = () => {
    held.current.reset?.();
    waiting.current = null;
    setOpen(false);
  };

  const discard = () => {
    const proceed = waiting.current;
    waiting.current = null;
    setOpen(false);
    box.current?.close(); // the focus is back before anything else happens
    passes.current = true;
    proceed?.();
    passes.current = false;
  };

  useEffect(() => {
    if (blocker.state === "blocked") ask(() => held.current.proceed?.());
  }, [blocker.state]);

  useEffect(() => {
    if (isOpen && !box.current.open) box.current.showModal();
    if (!isOpen && box.current.open) box.current.close();
  }, [isOpen]);

  useEffect(() => {
    const note = (event) => remember(event.target);
    const press = (event) => {
      const pressed = passes.current ? null : discards(event.target);
      if (!pressed || !isTyped()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      leave(() => pressed.click());
    };
    const close = (event) => {
      if (!passes.current && isTyped()) event.preventDefault();
    };
    const stop = askWith(ask);
    const events = ["focusin", "pointerdown", "keydown", "beforeinput"];
    events.forEach((name) => window.addEventListener(name, note, true));
    window.addEventListener("click", press, true);
    window.addEventListener("beforeunload", close);
    return () => {
      stop();
      events.forEach((name) => window.removeEventListener(name, note, true));
      window.removeEventListener("click", press, true);
      window.removeEventListener("beforeunload", close);
    };
  }, []);

  const button = (label, look, onClick) => h("button", { type: "button", className: `btn ${look}`, onClick }, label);
  return h(
    "dialog",
    {
      ref: box,
      className: "ask",
      role: "alertdialog",
      "aria-label": "Discard what you typed?",
      onCancel: (event) => {
        event.preventDefault();
        keep();
      },
    },
    isOpen &&
      h(
        "div",
        null,
        h("h2", null, "Discard what you typed?"),
        h("p", null, "It is not saved."),
        h("div", { className: "acts" }, button("Go on typing", "primary", keep), button("Discard", "danger", discard)),
      ),
  );
}
